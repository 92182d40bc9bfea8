// Sends a file in pieces over a line that is slow, silent or gone for a while. Loaded together with
// tus by tongsu.js and pages.js, before they send, and by what is saved as typed when its token is old.
//
// A try that breaks is made again: after a wait that grows, at once when the browser says that the
// line is back, or when the person says so. What has arrived is not sent again, nor after a reload
// when the same file is chosen: the browser remembers where each upload lies until it is used.
//
//   const sent = sending.file(file, name, told);   told = { progress(percent), broken(why) }
//   const id = await sent.whole;                   // throws Refused (its message is for people)
//   await sent.post(action, { upload: id });       // tried again in the same way
//   sent.more(); sent.forget(); sent.drop();
//   await sending.renew();                         // the token of whoever has logged in since
//
// progress() is called when the line carries something, also again after broken(). why is "line",
// "busy" (the server answers that it cannot now) or "login": nothing goes on before the person has.
"use strict";

(() => {
  const WAITS_MS = [1000, 2000, 5000, 10000, 20000, 30000]; // the last one again and again
  const SILENT_MS = 20000; // nothing moves for so long: the line is dead, though nobody said so
  const ASKED_MS = 10000; // the same of a request without a body, which may have got an old connection
  const ANSWER_MS = 120000; // a large file is looked at before it is taken
  const UNAUTHENTICATED = 401;
  const DENIED = 403;
  const under_way = new Set(); // addresses of uploads of this page: not to be taken up twice

  class Refused extends Error {
    constructor(status, title) {
      super(title || "请稍后再试");
      this.status = status;
    }
  }

  const token = () => document.querySelector('meta[name="csrf"]');

  // Who has logged in again has another token: the page as it is now tells it.
  async function renew() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector('meta[name="csrf"]');
    if (fresh && token()) {
      token().content = fresh.content;
      document.querySelectorAll('input[name="_csrf"]').forEach((hidden) => (hidden.value = fresh.content));
    }
  }

  function titleOf(text) {
    try {
      return JSON.parse(text).title;
    } catch {
      return "";
    }
  }

  // 0: no answer came.
  const passes = (status) => status === 0 || status === 408 || status === 429 || status >= 500;

  // The tries of one file, and what wakes them.
  function tries(told) {
    let control = new AbortController();
    let wake = () => {};
    let ended = false;
    const more = () => {
      control.abort();
      wake();
    };
    const end = () => {
      ended = true;
      removeEventListener("online", more);
      more();
    };
    const wait = (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? 0 : setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    addEventListener("online", more);

    // One try that is given up when heard() is not called again in time.
    async function once(work, silent_ms) {
      let timer;
      control = new AbortController();
      const mine = control;
      const heard = (ms = silent_ms) => {
        clearTimeout(timer);
        timer = setTimeout(() => mine.abort(), ms);
      };
      heard();
      try {
        return await work(mine.signal, heard);
      } finally {
        clearTimeout(timer);
      }
    }

    // work(signal, heard) answers a promise, which fails with Refused when there was an answer.
    async function until(work, silent_ms, moved = () => false) {
      let renewed = false;
      for (let broken = 0; !ended; broken++) {
        try {
          return await once(work, silent_ms);
        } catch (failure) {
          const status = failure.status ?? 0;
          if (ended) {
            break;
          }
          if (status === DENIED && !renewed) {
            renewed = true;
            await renew().catch(() => {});
          } else if (status === UNAUTHENTICATED) {
            told.broken("login");
            await wait();
            await renew().catch(() => {});
          } else if (passes(status)) {
            broken = moved() ? 0 : broken;
            told.broken(status === 0 ? "line" : "busy");
            await wait(WAITS_MS[Math.min(broken, WAITS_MS.length - 1)]);
          } else {
            throw failure;
          }
        }
      }
      return new Promise(() => {}); // dropped: nobody waits for it any more
    }
    return { until, more, end };
  }

  // What tus says of a failure, as ours. Where the server has other bytes than we think, or none any
  // more, the next try asks it.
  function failureOf(failure) {
    const status = failure.originalResponse?.getStatus() ?? failure.causingError?.status ?? 0;
    const asks = [404, 409, 410, 423].includes(status);
    return new Refused(asks ? 0 : status, titleOf(failure.originalResponse?.getBody()));
  }

  // tus takes every answer to HEAD but a good one for "gone" and would begin anew. Only these are.
  function keepPlace(request, response) {
    const status = response.getStatus();
    if (request.getMethod() === "HEAD" && status >= 300 && status !== 404 && status !== 410) {
      throw new Refused(status);
    }
  }

  function file(file, name, told) {
    const line = tries(told);
    let far = 0;
    let before = 0;
    const upload = new tus.Upload(file, {
      endpoint: "/uploads",
      chunkSize: 5 * 1024 * 1024,
      retryDelays: null, // the tries are ours
      metadata: { filename: name },
      onUploadUrlAvailable: () => under_way.add(upload.url),
    });
    const earlier = () => upload.findPreviousUploads().catch(() => []);
    const moved = () => {
      const further = far > before;
      before = far;
      return further;
    };

    const send = (signal, heard) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Refused(0)));
        Object.assign(upload.options, {
          headers: { "X-CSRF-Token": token()?.content ?? "" },
          onBeforeRequest: (request) => heard(request.getMethod() === "PATCH" ? SILENT_MS : ASKED_MS),
          onAfterResponse(request, response) {
            heard();
            keepPlace(request, response);
          },
          onProgress(sent, total) {
            heard();
            far = sent;
            told.progress(total > 0 ? Math.floor((sent * 100) / total) : 100);
          },
          onSuccess: resolve,
          onError: (failure) => reject(failureOf(failure)),
        });
        upload.start();
      }).finally(() => upload.abort());

    async function all() {
      const found = (await earlier()).find((one) => !under_way.has(one.uploadUrl));
      if (found) {
        upload.resumeFromPreviousUpload(found);
      }
      await line.until(send, SILENT_MS, moved);
      return decodeURIComponent(upload.url.replace(/\/$/, "").split("/").pop());
    }

    // The server uses an upload once: one that is gone was taken by a try whose answer got lost (a
    // browser makes such tries of its own).
    async function isUsed() {
      return (await fetch(upload.url, { headers: { Accept: "application/json" } })).status === 404;
    }

    async function post(action, body) {
      await line.until(async (signal) => {
        const answer = await fetch(action, {
          method: "POST",
          body: JSON.stringify(body),
          headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": token()?.content ?? "" },
          signal,
        });
        if (!answer.ok && !(answer.status === 404 && (await isUsed()))) {
          throw new Refused(answer.status, titleOf(await answer.text()));
        }
      }, ANSWER_MS);
    }

    async function forget() {
      const url = upload.url;
      line.end();
      for (const one of (await earlier()).filter((each) => each.uploadUrl === url)) {
        await tus.defaultOptions.urlStorage.removeUpload(one.urlStorageKey);
      }
      under_way.delete(url);
    }

    function drop() {
      forget();
      return upload.url;
    }

    return { whole: all(), post, more: line.more, forget, drop };
  }

  window.sending = { file, renew };
})();
