// What makes the pages smoother. Every page works without this file.
//
// Each part below looks for its own data- attributes and does nothing where there are none:
//   data-autosave   a form that is saved as typed (PATCH)
//   data-money      an amount: grouped, and shown in capitals
//   data-when       a field shown only for some answers of another
//   data-search     an entry that offers what it finds (courts, causes, divisions)
//   data-check      an entry that is checked by a tool while typing
//   data-upload     files sent in pieces, with progress, going on after a break (sending.js)
//   data-pages      pages photographed or chosen, put in order and joined (pages.js)
//   data-evidence   pages of evidence put in order and into items (evidence.js)
//   data-sign       a pad to sign by hand
//   data-key        a link with a key (the desk of the court)
//   data-poll       a desk that waits for a phone: asked every two seconds, sent once it confirmed
//   data-print      a button that prints the page
//   data-live       server-sent events: the marked part (data-refresh) is fetched anew
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";
  const clock = (date = new Date()) =>
    `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;

  function later(work, wait) {
    let timer;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => work(...args), wait);
    };
  }

  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.textContent = text;
    return made;
  }

  const json = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  };

  function load(path) {
    return new Promise((resolve, reject) => {
      const script = element("script", { src: path });
      script.onload = resolve;
      script.onerror = () => reject(new Error(path));
      document.head.append(script);
    });
  }

  // --- saved as typed ---

  // What a form holds, without buttons, files and the code that is used once.
  function filledIn(form) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "_key" && !name.endsWith(".code") && !name.endsWith(".png")) {
        body.append(name, value);
      }
    }
    // An unticked box says so, or the answer given before would stay.
    all('input[type="checkbox"]', form).forEach((box) => body.has(box.name) || body.append(box.name, ""));
    return body;
  }

  function autosave(form) {
    const state = form.querySelector("[data-saved]");
    const say = (text, lost) => {
      state.textContent = text;
      state.classList.toggle("lost", Boolean(lost));
    };
    let typed = 0;
    let saved = 0;
    let running = false;

    const patch = (body) =>
      fetch(form.dataset.autosave, {
        method: "PATCH",
        body,
        headers: { Accept: "application/json", "X-CSRF-Token": csrf() },
      });

    async function save() {
      if (running || saved === typed) {
        return;
      }
      running = true;
      const now = typed;
      say("正在保存…");
      const body = filledIn(form);
      if (form.dataset.act) {
        body.set("_act", form.dataset.act);
      }
      try {
        let answer = await patch(body);
        if (answer.status === 403) {
          // Who has logged in again, in another window, has another token.
          await (window.sending || load("/static/sending.js"));
          await sending.renew();
          answer = await patch(body);
        }
        const told = await answer.json();
        if (answer.ok) {
          saved = now;
          // Only a draft is raised by saving; a later matter must not seem to have been looked at anew.
          if (told.state === "draft") {
            form.querySelector('[name="_revision"]')?.setAttribute("value", told.revision);
          }
          say(`已保存 ${clock()}`);
        } else if (answer.status === 401) {
          say("登录已过期。内容还在本页，请在新窗口登录，再回到本页。", true);
        } else if (answer.status === 409) {
          say(`${told.title}。请点下面的保存按钮，选择用哪一份。`, true);
        } else {
          say(`没有保存：${told.title}`, true);
        }
      } catch {
        say("网络断开，还没有保存。恢复后会自动保存。", true);
        setTimeout(save, 5000);
      }
      running = false;
      if (saved !== typed && !state.classList.contains("lost")) {
        save();
      }
    }

    const soon = later(save, 800);
    const changed = () => {
      typed++;
      soon();
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => (saved = typed));
    addEventListener("online", save);
    addEventListener("focus", save); // back from the window where he has logged in
    addEventListener("beforeunload", (event) => saved !== typed && event.preventDefault());
  }

  // --- money ---

  const FIGURES = "零壹贰叁肆伍陆柒捌玖";

  // The same rule as money_capitals() of the server: yuan of at most 16 digits, fen of two.
  function capitals(yuan, fen) {
    let text = "";
    let zero = false;
    const put = (digit, unit, open) => {
      if (digit === "0") {
        zero = true;
        return;
      }
      text += (text && zero && !open ? "零" : "") + FIGURES[digit] + unit;
      zero = false;
    };
    const parts = yuan.padStart(16, "0").match(/.{4}/g);
    const units = ["万", Number(yuan.slice(0, -8)) > 0 ? "亿" : "", "万", ""];
    parts.forEach((part, i) => {
      ["仟", "佰", "拾", ""].forEach((unit, j) => put(part[j], unit, j === 0));
      text += part === "0000" && i !== 1 ? "" : units[i];
    });
    text += text ? "元" : "";
    put(fen[0], "角", true);
    put(fen[1], "分", false);
    return (text || "零元") + (fen[1] === "0" ? "整" : "");
  }

  const halfWidth = (text) => text.replace(/[０-９．，]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));

  function money(input) {
    const words = input.closest(".field")?.querySelector("[data-capitals]");
    const show = () => {
      const text = halfWidth(input.value).replace(/[,\s元]/g, "");
      const match = /^(\d{1,14})(?:\.(\d{0,2}))?$/.exec(text);
      if (!match) {
        if (words) {
          words.textContent = "";
        }
        return;
      }
      const yuan = match[1].replace(/^0+(?=\d)/, "");
      const behind = input.value.length - (input.selectionEnd ?? input.value.length);
      input.value = yuan.replace(/\B(?=(\d{3})+$)/g, ",") + (match[2] === undefined ? "" : `.${match[2]}`);
      if (document.activeElement === input) {
        const at = Math.max(0, input.value.length - behind);
        input.setSelectionRange(at, at);
      }
      if (words) {
        words.textContent = capitals(yuan, (match[2] ?? "").padEnd(2, "0"));
      }
    };
    input.addEventListener("input", show);
    show();
  }

  // --- fields that hang on an answer ---

  function conditional(field) {
    const path = field.dataset.when;
    const wanted = field.dataset.whenIn.split("|");
    const form = field.closest("form");
    const show = () => {
      const values = new FormData(form).getAll(path);
      field.hidden = !values.some((value) => wanted.includes(value));
    };
    form.addEventListener("change", show);
    show();
  }

  // --- searching while typing ---

  function search(input) {
    const list = element("ul", { class: "hits", role: "listbox", id: `${input.id}-hits` });
    list.hidden = true;
    input.after(list);
    Object.entries({
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-autocomplete": "list",
    }).forEach(([key, value]) => input.setAttribute(key, value));
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const take = (hit) => {
      input.value = hit.dataset.value;
      close();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const mark = (to) => {
      const hits = all("li", list);
      at = (to + hits.length) % hits.length;
      hits.forEach((hit, i) => hit.setAttribute("aria-selected", String(i === at)));
      input.setAttribute("aria-activedescendant", hits[at].id);
      hits[at].scrollIntoView({ block: "nearest" });
    };
    let asked = "";
    const find = later(async () => {
      const q = input.value.trim();
      asked = q;
      if (!q) {
        return close();
      }
      const told = await json(`${input.dataset.search}?q=${encodeURIComponent(q)}&limit=8`).catch(() => null);
      const found = told ? (Object.values(told).find(Array.isArray) ?? []) : [];
      if (asked !== q || found.length === 0) {
        return close();
      }
      list.replaceChildren(
        ...found.map((row, i) => {
          const name = row.full_name ?? row.name ?? row.title;
          const hit = element("li", { role: "option", id: `${list.id}-${i}`, "aria-selected": "false" }, name);
          hit.dataset.value = name;
          return hit;
        }),
      );
      at = -1;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }, 200);

    input.addEventListener("input", (event) => event.isTrusted && find());
    input.addEventListener("blur", () => setTimeout(close, 200));
    input.addEventListener("keydown", (event) => {
      if (list.hidden) {
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        take(list.children[at]);
      } else if (event.key === "Escape") {
        close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const hit = event.target.closest("li");
      if (hit) {
        take(hit);
      }
    });
  }

  // A tool's answer beside the entry; only told, never in the way.
  function checked(input) {
    const told = element("p", { class: "help", role: "status" });
    input.after(told);
    input.addEventListener("change", async () => {
      told.textContent = "";
      if (input.value.trim()) {
        const answer = await json(input.dataset.check + encodeURIComponent(input.value.trim())).catch(() => null);
        told.textContent = answer && !answer.ok ? (answer.why ?? "") : "";
      }
    });
  }

  // --- uploads ---

  // One after the other, in pieces (sending.js). What is not whole yet is told after a reload: the
  // same file chosen again goes on where it stopped.
  function uploads(form) {
    const input = form.querySelector('input[type="file"]');
    const state = form.querySelector("[data-progress]");
    const button = form.querySelector("button");
    const kept = `upload ${form.action}`;
    const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

    function remembered() {
      try {
        return localStorage.getItem(kept);
      } catch {
        return null;
      }
    }

    function remember(name) {
      try {
        if (name) {
          localStorage.setItem(kept, name);
        } else {
          localStorage.removeItem(kept);
        }
      } catch {
        // no store in this browser: nothing is told
      }
    }

    async function send(file, number, count) {
      const line = element("p", { class: "small" });
      const bar = element("progress", { max: "100", value: "0", "aria-label": file.name });
      const more = element("button", { class: "btn quiet", type: "button" }, "继续上传");
      more.hidden = true;
      state.append(line, bar, more);
      const name = `${count > 1 ? `第${number}个，` : ""}${file.name}（${size(file.size)}）`;
      const say = (text) => (line.textContent = `${name}：${text}`);
      let percent = 0;
      const where = () => (percent < 100 ? `传到${percent}%` : "已传完，还没有收下");
      const why = {
        line: () => `${where()}，网络断开。恢复后自动接着传，已传部分不用重传。`,
        busy: () => `${where()}，系统忙。稍后自动接着传，已传部分不用重传。`,
        login: () => `${where()}，登录已过期。请在新窗口登录后点“继续上传”，已传部分不用重传。`,
      };
      say("准备上传");
      const sent = sending.file(file, file.name, {
        progress(now) {
          percent = now;
          bar.value = percent;
          more.hidden = true;
          say(`已传${percent}%`);
        },
        broken(cause) {
          say(why[cause]());
          more.hidden = false;
        },
      });
      more.addEventListener("click", sent.more);
      remember(file.name);
      try {
        await sent.post(form.action, { upload: await sent.whole });
        say("已传完");
      } catch (failure) {
        say(`没有收下，${failure.message}`);
        line.className = "error";
      }
      await sent.forget();
      remember("");
      more.remove();
      bar.remove();
      return line.className !== "error";
    }

    async function start() {
      const files = [...input.files];
      if (files.length === 0) {
        return;
      }
      if (files.length > 1 && "one" in form.dataset && form.joinFiles) {
        input.value = "";
        form.joinFiles(files);
        return;
      }
      try {
        await Promise.all([window.tus || load("/static/vendor/tus.min.js"), window.sending || load("/static/sending.js")]);
      } catch {
        form.submit();
        return;
      }
      button.disabled = true;
      state.replaceChildren();
      let good = true;
      for (const [i, file] of files.entries()) {
        good = (await send(file, i + 1, files.length)) && good;
      }
      button.disabled = false;
      if (good) {
        location.reload();
      }
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      start();
    });
    input.addEventListener("change", start);
    const earlier = remembered();
    if (earlier) {
      state.append(element("p", { class: "small" }, `上次“${earlier}”可能没有传完。上面没有的，再选一次这个文件，接着传，已传部分不用重传。`));
    }
  }

  // --- signing by hand ---

  async function sign(block) {
    try {
      await (window.SignaturePad ? null : load("/static/vendor/signature_pad.min.js"));
    } catch {
      return;
    }
    const path = block.dataset.sign;
    const form = block.closest("form");
    const png = block.querySelector('input[type="hidden"]');
    const method = form.elements[`${path}.method`];
    const canvas = block.querySelector("canvas");
    block.hidden = false;
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const pad = new SignaturePad(canvas, { penColor: "#1d2530" });
    // A pad that hangs on an answer has no size before it is shown; a phone may be turned.
    const fit = () => {
      const width = Math.round(canvas.offsetWidth * ratio);
      if (width === 0 || width === canvas.width) {
        return;
      }
      const strokes = pad.toData();
      canvas.width = width;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.fromData(strokes);
    };
    canvas.width = 0;
    fit();
    new ResizeObserver(fit).observe(canvas);
    const keep = () => {
      png.disabled = pad.isEmpty();
      png.value = pad.isEmpty() ? "" : pad.toDataURL("image/png").split(",")[1];
      method.value = pad.isEmpty() ? method.defaultValue : "drawn";
    };
    pad.addEventListener("endStroke", keep);
    block.querySelector("[data-sign-clear]").addEventListener("click", () => {
      pad.clear();
      keep();
    });
  }

  // --- the desk of one who decides ---

  const shown = (one) => one.getClientRects().length > 0;

  // The first question of the form that stands open; of a choice, the one that is chosen.
  function doFirst(block) {
    const entries = all("input:not([type=hidden]), select, textarea", block).filter(shown);
    const first = entries.find((one) => one.type !== "radio" || one.checked || !block.querySelector(`[name="${one.name}"]:checked`));
    (first ?? all("button[name=_do]", block).find(shown) ?? block).focus();
  }

  // They can be turned off, for those who speak or whose keys slip.
  function keys() {
    const links = new Map(all("[data-key]").map((link) => [link.dataset.key.toLowerCase(), link]));
    const choice = document.querySelector("[data-keys]");
    const block = document.getElementById("do");
    if (block && location.hash === "#do") {
      doFirst(block);
      // The browser goes to the fragment only now, and would take the place with it.
      addEventListener("load", () => setTimeout(() => block.contains(document.activeElement) && document.activeElement !== block ? null : doFirst(block)));
    }
    if (!choice) {
      return;
    }
    const box = choice.querySelector("input");
    choice.hidden = false;
    box.checked = localStorage.getItem("keys") !== "off";
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
      const link = links.get(event.key.toLowerCase());
      if (!box.checked || typing || !link || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      event.preventDefault(); // the letter must not land in the field that comes next
      if (block && link.getAttribute("aria-current")) {
        doFirst(block);
      } else {
        link.click();
      }
    });
    all("form.act").forEach((form) => form.addEventListener("keydown", (event) => {
      if (box.checked && event.ctrlKey && event.key === "Enter") {
        event.preventDefault();
        form.requestSubmit(form.querySelector("button[name=_do]"));
      }
    }));
  }

  // A phrase goes where one writes, else into the first text that is empty; with no room for it the
  // server adds a row.
  function phrases(block) {
    const form = block.closest("form");
    const buttons = all("[data-phrase]", block);
    let last = null;
    form.addEventListener("focusin", (event) => event.target.matches("textarea") && (last = event.target));
    const put = (button) => {
      const texts = all("textarea", form).filter(shown);
      const text = last ?? texts.find((one) => !one.value.trim());
      if (!text) {
        return false;
      }
      text.value += (text.value.trim() ? "\n" : "") + button.dataset.phrase;
      const about = form.elements[text.name.replace(/[^.]+$/, "item")];
      if (about && !about.value && button.dataset.item) {
        about.value = button.dataset.item;
      }
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
      return true;
    };
    buttons.forEach((button) => button.addEventListener("click", (event) => put(button) && event.preventDefault()));
    addEventListener("keydown", (event) => {
      const button = event.altKey && /^[1-9]$/.test(event.key) ? buttons[event.key - 1] : null;
      if (button) {
        event.preventDefault();
        button.click();
      }
    });
  }

  // --- news from the server ---

  function live() {
    const part = document.querySelector("[data-refresh]");
    const path = document.body.dataset.live;
    if (!path || !part || !window.EventSource) {
      return;
    }
    const refresh = later(async () => {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      if (answer?.ok && !part.contains(document.activeElement)) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
        if (fresh) {
          part.replaceChildren(...fresh.childNodes);
        }
      }
    }, 300);
    const events = new EventSource(path);
    events.onmessage = refresh;
    events.addEventListener("notice", refresh);
  }

  // --- a desk that a phone confirms ---

  function poll(part) {
    const form = part.querySelector("form");
    const ask = async () => {
      const told = await json(part.dataset.poll).catch(() => null);
      if (told?.state === "confirmed") {
        form.submit();
      } else if (told && told.state !== "waiting") {
        location.assign(part.dataset.poll);
      } else {
        setTimeout(ask, 2000);
      }
    };
    setTimeout(ask, 2000);
  }

  all("[data-autosave]").forEach(autosave);
  all("[data-poll]").forEach(poll);
  all("[data-money]").forEach(money);
  all("[data-when]").forEach(conditional);
  all("[data-search]").forEach(search);
  all("[data-check]").forEach(checked);
  all("[data-upload]").forEach(uploads);
  all("[data-sign]").forEach(sign);
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  if (document.querySelector("[data-pages]")) {
    load("/static/pages.js").catch(() => {});
  }
  if (document.querySelector("[data-evidence]")) {
    load("/static/evidence.js").catch(() => {});
  }
  all(".phrases").forEach(phrases);
  keys();
  live();
  document.querySelector("[data-focus]")?.focus();
  // Twice pressed is sent once; the server would know anyway, by the key. A page that is still there
  // after a while, or because somebody chose to stay, has sent nothing: the next press counts.
  const SENT_MS = 10000;
  const unsent = () => all("form").forEach((form) => delete form.dataset.sent);
  all("form").forEach((form) => form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    if (Date.now() - Number(form.dataset.sent ?? 0) < SENT_MS) {
      event.preventDefault();
    } else {
      form.dataset.sent = Date.now();
    }
  }));
  addEventListener("pageshow", unsent);
  // Whether it asked is known behind all who listen, and the answer when the page goes on.
  addEventListener("beforeunload", (event) => setTimeout(() => event.defaultPrevented && unsent()));
})();
