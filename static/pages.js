// Pages photographed or chosen one by one, put in order, and handed in as one material. Loaded by
// tongsu.js where a page has data-pages; without it a form with several files does the same.
//
// Every page travels by itself (in pieces, going on after a break); what is sent in the end is the
// list of them. After a reload the list is there again, without its pictures: those stay out of the
// browser's store.
"use strict";

(() => {
  const PAGES_MAX = 500;
  const PAGE_BYTES_MAX = 20 * 1024 * 1024;
  const AT_ONCE = 2; // uploads under way
  const THUMB = 240;
  const ICONS = {
    left: "M15 5l-7 7 7 7",
    right: "M9 5l7 7-7 7",
    turn: "M19 12a7 7 0 1 1-2.1-5 M19 3v5h-5",
    drop: "M6 6l12 12 M18 6L6 18",
  };

  const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

  function element(name, attributes = {}, ...inside) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...inside);
    return made;
  }

  function button(label, path, work) {
    const space = "http://www.w3.org/2000/svg";
    const icon = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    icon.append(line);
    const made = element("button", { type: "button", "aria-label": label, title: label }, icon);
    made.addEventListener("click", work);
    return made;
  }

  const loading = new Map();
  function load(path) {
    const made =
      loading.get(path) ??
      new Promise((resolve, reject) => {
        const script = element("script", { src: path });
        script.onload = resolve;
        script.onerror = () => {
          loading.delete(path);
          reject(new Error(path));
        };
        document.head.append(script);
      });
    loading.set(path, made);
    return made;
  }

  // --- pictures ---

  const text_of = (file) =>
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });

  // By way of its text: the policy of the pages knows no other pictures than ours and such.
  async function picture_of(file) {
    const image = new Image();
    const shown = new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error("no picture"));
    });
    image.src = await text_of(file);
    await shown;
    return image;
  }

  function drawn(source, width, height) {
    const canvas = element("canvas", { width: `${Math.round(width)}`, height: `${Math.round(height)}` });
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  const jpeg_of = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));

  // The server joins JPEG and PNG; another picture that this browser can show becomes a JPEG here.
  async function sendable(file, image) {
    if (file.type === "image/jpeg" || file.type === "image/png" || !image) {
      return file;
    }
    const blob = await jpeg_of(drawn(image, image.naturalWidth, image.naturalHeight));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  }

  // --- one tray of pages ---

  function tray(block) {
    const form = block.previousElementSibling;
    const kind = block.dataset.pages;
    const kept = `pages ${form.action}`;
    let pages = []; // {file, name, rotate, id, percent, fault, item, …} in order
    let looking = Promise.resolve(); // one picture at a time is unpacked
    let sending = false;

    const list = element("ol", { class: "tray" });
    const said = element("p", { class: "sr", role: "status" });
    const told = element("p", { class: "error", role: "alert" });
    const choose = element("input", { type: "file", accept: "image/jpeg,image/png,image/*", multiple: "", hidden: "" });
    const shoot = element("input", { type: "file", accept: "image/*", capture: "environment", hidden: "" });
    const shoot_button = element("button", { type: "button", class: "btn quiet" }, "拍照");
    const choose_button = element("button", { type: "button", class: "btn quiet" }, "选图片（可多选）");
    const name = element("input", { id: `n-${kind}`, value: block.dataset.title, maxlength: "100", autocomplete: "off" });
    const send_button = element("button", { type: "button", class: "btn" });
    const state = element("p", { class: "small muted", role: "status" });
    const more = element("button", { type: "button", class: "btn quiet", hidden: "" }, "继续上传");
    const end = element(
      "div",
      { hidden: "" },
      element("div", { class: "field" }, element("label", { for: name.id }, "材料名称"), name),
      state,
      more,
      element("p", { class: "actions" }, send_button),
    );

    const camera_on_desk = Boolean(navigator.mediaDevices?.getUserMedia) && !matchMedia("(pointer: coarse)").matches;
    shoot_button.hidden = !camera_on_desk && !matchMedia("(pointer: coarse)").matches;

    function keep() {
      const whole = pages.filter((page) => page.id).map(({ id, name, rotate }) => ({ id, name, rotate }));
      try {
        if (whole.length > 0) {
          sessionStorage.setItem(kept, JSON.stringify(whole));
        } else {
          sessionStorage.removeItem(kept);
        }
      } catch {
        // no store in this browser: after a reload the pages are chosen again
      }
    }

    // --- showing ---

    function show() {
      const waiting = pages.filter((page) => !page.id && !page.fault).length;
      const faults = pages.filter((page) => page.fault).length;
      pages.forEach((page, n) => {
        const words = `第${n + 1}页`;
        page.title.textContent = words;
        page.buttons.forEach(([one, label]) => {
          one.setAttribute("aria-label", `${words}${label}`);
          one.title = label;
        });
        page.buttons[0][0].disabled = n === 0;
        page.buttons[1][0].disabled = n === pages.length - 1;
        page.view.style.transform = `rotate(${page.rotate}deg)`;
        page.bar.hidden = Boolean(page.id) || Boolean(page.fault);
        page.bar.value = page.percent;
        page.note.textContent = page.fault ?? (page.id ? "已传" : page.stopped ? "断开" : "");
        page.item.classList.toggle("bad", Boolean(page.fault));
        if (list.children[n] !== page.item) {
          list.insertBefore(page.item, list.children[n] ?? null);
        }
      });
      end.hidden = pages.length === 0;
      more.hidden = !pages.some((page) => page.stopped);
      state.textContent = faults ? `有${faults}页不能用，请更换或者去掉。` : waiting ? `还有${waiting}页在上传，已传的不用重传。` : "";
      send_button.textContent = `合成一份交上来（共${pages.length}页）`;
      send_button.disabled = sending || waiting > 0 || faults > 0;
    }

    function move(page, to) {
      const from = pages.indexOf(page);
      if (to < 0 || to >= pages.length || to === from) {
        return;
      }
      pages.splice(from, 1);
      pages.splice(to, 0, page);
      show();
      keep();
      said.textContent = `第${from + 1}页移到了第${to + 1}页`;
    }

    function drop(page) {
      const at = pages.indexOf(page);
      pages = pages.filter((one) => one !== page);
      page.item.remove();
      const path = page.id ? `/uploads/${page.id}` : page.sent?.drop();
      if (path) {
        fetch(path, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0", "X-CSRF-Token": csrf() } }).catch(() => {});
      }
      page.dropped = true;
      show();
      keep();
      next();
      said.textContent = `第${at + 1}页已去掉，还有${pages.length}页`;
      (pages[at] ?? pages[at - 1])?.buttons[3][0].focus();
    }

    function make(page) {
      page.view = element("div", { class: "view" });
      page.title = element("b");
      page.bar = element("progress", { max: "100", value: "0", "aria-label": "上传进度" });
      page.note = element("small");
      page.item = element("li", { draggable: "true" });
      page.buttons = [
        [ICONS.left, "前移", () => move(page, pages.indexOf(page) - 1)],
        [ICONS.right, "后移", () => move(page, pages.indexOf(page) + 1)],
        [ICONS.turn, "向右转", () => turn(page)],
        [ICONS.drop, "去掉", () => drop(page)],
      ].map(([path, label, work]) => [button(label, path, work), label]);
      const hold = element("div", { class: "hold" }, ...page.buttons.map(([one]) => one));
      page.item.append(page.view, page.title, page.bar, page.note, hold);
      page.item.addEventListener("dragstart", (event) => {
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.effectAllowed = "move";
        tray.dragged = { page, list };
      });
      page.item.addEventListener("dragover", (event) => tray.dragged?.list === list && event.preventDefault());
      page.item.addEventListener("drop", (event) => {
        if (tray.dragged?.list === list) {
          event.preventDefault();
          move(tray.dragged.page, pages.indexOf(page));
        }
      });
      page.item.addEventListener("dragend", () => (tray.dragged = undefined));
    }

    function turn(page) {
      page.rotate = (page.rotate + 90) % 360;
      show();
      keep();
      said.textContent = `第${pages.indexOf(page) + 1}页转到${page.rotate}度`;
    }

    async function look(page) {
      try {
        const image = await picture_of(page.file);
        const scale = Math.min(1, THUMB / Math.max(image.naturalWidth, image.naturalHeight));
        page.view.replaceChildren(drawn(image, Math.max(1, image.naturalWidth * scale), Math.max(1, image.naturalHeight * scale)));
        page.file = await sendable(page.file, image);
      } catch {
        page.fault = /\.hei[cf]$/i.test(page.name)
          ? "是HEIC图片，请在手机“设置—相机—格式”里选“兼容性最佳”后重拍，或者导出为JPG"
          : "不是可以识别的图片";
      }
      if (page.file.size > PAGE_BYTES_MAX) {
        page.fault = "超过20MB";
      }
    }

    // --- sending ---

    async function send(page) {
      page.under_way = true;
      page.sent = window.sending.file(page.file, page.name, {
        progress(percent) {
          page.percent = percent;
          page.bar.value = percent;
          if (page.stopped) {
            page.stopped = false;
            told.textContent = "";
            show();
          }
        },
        broken(why) {
          page.stopped = true;
          if (why === "login") {
            told.textContent = "登录已过期。各页还在，请在新窗口登录后点“继续上传”。";
          }
          show();
        },
      });
      try {
        page.id = await page.sent.whole;
      } catch (failure) {
        page.fault = `没有收下，${failure.message}`;
      }
      page.sent.forget();
      page.under_way = false;
      keep();
      show();
      next();
    }

    function next() {
      let under_way = pages.filter((page) => page.under_way).length;
      for (const page of pages) {
        if (under_way < AT_ONCE && page.ready && !page.under_way && !page.id && !page.fault) {
          under_way++;
          send(page);
        }
      }
    }

    async function add(files) {
      told.textContent = "";
      try {
        await Promise.all([window.tus || load("/static/vendor/tus.min.js"), window.sending || load("/static/sending.js")]);
      } catch {
        told.textContent = "没有准备好上传，请检查网络后再选一次。";
        return;
      }
      for (const file of files) {
        if (pages.length >= PAGES_MAX) {
          told.textContent = `一份材料最多${PAGES_MAX}页，请分成几份。`;
          break;
        }
        const page = { file, name: file.name || "拍照.jpg", rotate: 0, percent: 0 };
        make(page);
        pages.push(page);
        looking = looking.then(async () => {
          if (!page.dropped) {
            await look(page);
            page.ready = true;
            show();
            next();
          }
        });
      }
      show();
    }

    async function finish() {
      sending = true;
      told.textContent = "";
      show();
      state.textContent = "正在合成，请稍等…";
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: JSON.stringify({ name: name.value, pages: pages.map(({ id, rotate }) => ({ upload: id, rotate })) }),
          headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf() },
        });
        if (answer.ok) {
          pages = [];
          keep();
          location.reload();
          return;
        }
        refuse(await answer.json());
      } catch {
        told.textContent = "网络断开，不知道是否已经收下。请刷新本页查看，没有收下的，各页还在，不用重传。";
      }
      sending = false;
      show();
    }

    function refuse(problem) {
      const errors = problem.errors ?? [];
      errors.forEach((error) => {
        const page = pages[Number(/^pages\.(\d+)$/.exec(error.field ?? "")?.[1] ?? -1)];
        if (page) {
          page.fault = error.title.replace(/^第\d+页/, "");
        }
      });
      told.textContent = errors.length > 0 ? errors.map((error) => error.title).join("；") : `${problem.title}。${problem.detail ?? ""}`;
    }

    // --- the camera of a desk ---

    async function film() {
      const video = element("video", { playsinline: "", autoplay: "", muted: "" });
      const take = element("button", { type: "button", class: "btn" }, "拍下这一页");
      const close = element("button", { type: "button", class: "btn quiet" }, "不拍了");
      const panel = element("div", { class: "pane film" }, video, element("p", { class: "actions" }, take, close));
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } } });
      } catch {
        told.textContent = "没有打开摄像头。请允许本页使用摄像头，或者选图片。";
        return;
      }
      const stop = () => {
        stream.getTracks().forEach((track) => track.stop());
        panel.remove();
        shoot_button.disabled = false;
        shoot_button.focus();
      };
      shoot_button.disabled = true;
      video.srcObject = stream;
      close.addEventListener("click", stop);
      take.addEventListener("click", async () => {
        if (video.videoWidth > 0) {
          const blob = await jpeg_of(drawn(video, video.videoWidth, video.videoHeight));
          await add([new File([blob], `拍照${pages.length + 1}.jpg`, { type: "image/jpeg" })]);
        }
      });
      panel.addEventListener("keydown", (event) => event.key === "Escape" && stop());
      list.before(panel);
      take.focus();
    }

    // --- put together ---

    function restore() {
      let earlier = [];
      try {
        earlier = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
      } catch {
        // nothing kept
      }
      earlier.forEach(({ id, name, rotate }) => {
        const page = { id, name, rotate, percent: 100, ready: true };
        make(page);
        page.view.append(element("span", {}, name));
        pages.push(page);
      });
      show();
    }

    [choose, shoot].forEach((input) =>
      input.addEventListener("change", () => {
        add([...input.files]);
        input.value = "";
      }),
    );
    choose_button.addEventListener("click", () => choose.click());
    shoot_button.addEventListener("click", () => (camera_on_desk ? film() : shoot.click()));
    send_button.addEventListener("click", finish);
    more.addEventListener("click", () => pages.filter((page) => page.stopped).forEach((page) => page.sent.more()));
    addEventListener("beforeunload", (event) => pages.some((page) => page.under_way) && event.preventDefault());
    block.append(element("p", { class: "actions" }, shoot_button, choose_button), choose, shoot, told, list, said, end);
    block.hidden = false;
    const joined = form.querySelector("[data-join]");
    joined.hidden = true;
    joined.querySelector("input").disabled = true;
    form.joinFiles = add; // several files where one is asked for: tongsu.js
    restore();
  }

  document.querySelectorAll("[data-pages]").forEach(tray);
})();
