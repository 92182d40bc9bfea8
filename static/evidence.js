// Evidence put in order: pages dragged, moved by buttons and turned at once, and saved behind it. The
// page itself holds the order; without this file each button asks the server for one step.
//
// Loaded by tongsu.js where a page has data-evidence. What is saved says which order it was made of
// ("seen"): when another device has saved meanwhile, nothing is mixed and the person is told.
"use strict";

(() => {
  const form = document.querySelector("[data-evidence]");
  const told = document.querySelector("[data-told]");
  const said = form.querySelector("[data-said]");
  const saved = form.querySelector("[data-saved]");
  const apart = form.querySelector("[data-apart]");
  const WAIT_MS = 600;
  const AGAIN_MS = 5000;
  const AT_ONCE = 8; // pages looked at in one request
  let timer;
  let dirty = false;
  let saving = null;
  let stopped = false; // another order was saved elsewhere
  let dragged = null;

  const all = (selector, root = form) => [...root.querySelectorAll(selector)];
  const items = () => all("[data-item]");
  const pages = (part) => all("li[data-ref]", part);
  const section = (page) => page.closest("section");
  const clock = () => new Date().toTimeString().slice(0, 5);

  // --- what the page says ---

  const words = (first, last, files) => {
    const text = first === 0 ? "" : first === last ? `第${first}页` : `第${first}至${last}页`;
    return files === 0 ? text : `${text}${text ? "，" : ""}电子文件${files}份`;
  };

  function name_page(page, title) {
    page.querySelector("[data-title]").textContent = title;
    page.querySelector("img")?.setAttribute("alt", title);
    all("button", page).forEach((button) => button.setAttribute("aria-label", `${title}${button.title}`));
  }

  function show() {
    const numbers = new Map();
    let number = 0;
    for (const item of items()) {
      let first = 0;
      let files = 0;
      for (const page of pages(item)) {
        if ("file" in page.dataset) {
          files++;
        } else {
          number++;
          first = first || number;
          numbers.set(page.dataset.ref, number);
          name_page(page, `第${number}页`);
        }
      }
      item.querySelector("[data-pages-title]").textContent = words(first, number, files);
      item.querySelector("[data-empty]")?.toggleAttribute("hidden", pages(item).length > 0);
    }
    pages(apart).forEach((page) => "file" in page.dataset || name_page(page, "没有编入的页"));
    apart.hidden = pages(apart).length === 0 && !dragged;
    for (const page of all("li[data-same]")) {
      const other = numbers.get(page.dataset.same);
      page.querySelector("[data-note]").textContent = other ? `和第${other}页是同一张` : "和没有编入的一页是同一张";
    }
  }

  function count_picked() {
    const count = all('input[name="pick"]:checked').length;
    form.querySelector("[data-picked]").textContent = count > 0 ? `（${count}页）` : "";
  }

  function where(page) {
    const at = pages(section(page)).indexOf(page) + 1;
    const item = section(page).dataset.item;
    return item ? `证据${item}的第${at}个` : "没有编入的页";
  }

  // --- saving ---

  const entry = (page) => {
    const [material, number] = page.dataset.ref.split(".").map(Number);
    const turn = Number(page.dataset.turn);
    const tilt = Number(page.dataset.tilt);
    return { material, ...(number > 0 && { from: number, to: number }), ...(turn > 0 && { turn }), ...(tilt !== 0 && { tilt }) };
  };

  // Pages that follow each other are one entry: a list of them has an end.
  function entries(part) {
    const list = [];
    for (const one of pages(part).map(entry)) {
      const last = list[list.length - 1];
      if (last && last.to && one.from === last.to + 1 && one.material === last.material && one.turn === last.turn && one.tilt === last.tilt) {
        last.to = one.to;
      } else {
        list.push(one);
      }
    }
    return list;
  }

  function order() {
    const text = (item, field) => item.querySelector(`[name$=".${field}"]`).value.trim();
    const filled = (item) => ["name", "purpose", "source", "form"].map((field) => [field, text(item, field)]).filter(([, value]) => value);
    return {
      seen: form.elements.seen.value,
      items: items().map((item) => ({ ...Object.fromEntries(filled(item)), pages: entries(item) })),
      apart: entries(apart),
    };
  }

  function refused(status, problem) {
    stopped = status === 409 || status === 422;
    if (status === 409) {
      told.textContent = "编排刚在另一处改过，您刚才的一步没有保存。请刷新本页，看过现在的编排再改。";
    } else if (status === 401) {
      told.textContent = "登录已过期，刚才的编排还没有保存。请在新窗口登录，再回到本页。";
    } else {
      told.textContent = problem?.errors?.map((error) => error.title).join("；") || problem?.title || "没有保存，稍后再试。";
    }
    told.scrollIntoView({ block: "center" });
  }

  /** What was answered; null when it was refused or nobody answered: then it was said. */
  async function post(what) {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: JSON.stringify(what),
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf"]').content },
      });
      const body = await answer.json().catch(() => null);
      if (answer.ok) {
        form.elements.seen.value = body.seen;
        told.textContent = "";
        return body;
      }
      saved.textContent = "没有保存";
      refused(answer.status, body);
    } catch {
      saved.textContent = "网络断开，还没有保存，恢复后自动保存";
    }
    return null;
  }

  async function send() {
    dirty = false;
    saved.textContent = "正在保存…";
    if (await post(order())) {
      saved.textContent = dirty ? "" : `已保存（${clock()}）`;
      return;
    }
    dirty = true;
    if (!stopped) {
      later(AGAIN_MS);
    }
  }

  /** Until nothing waits to be saved; false when it cannot be. */
  async function flush() {
    clearTimeout(timer);
    await saving;
    if (dirty && !stopped) {
      saving = send().finally(() => (saving = null));
      await saving;
    }
    return !dirty;
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  }

  function changed(words_said) {
    dirty = true;
    show();
    saved.textContent = "";
    if (words_said) {
      said.textContent = words_said;
    }
    if (!stopped) {
      later(WAIT_MS);
    }
  }

  // --- moving ---

  function step(page, back) {
    const lists = [...all("[data-item] .tray"), apart.querySelector(".tray")];
    const at = lists.indexOf(page.parentElement);
    const beside = back ? page.previousElementSibling : page.nextElementSibling;
    if (beside) {
      back ? beside.before(page) : beside.after(page);
    } else if (back && at > 0) {
      lists[at - 1].append(page);
    } else if (!back && at < lists.length - 2) {
      lists[at + 1].prepend(page);
    } else {
      return;
    }
    changed(`移到${where(page)}`);
  }

  const replace = (element, name, what, by) => element?.setAttribute(name, element.getAttribute(name).replace(what, by));

  function turn(page) {
    const degrees = (Number(page.dataset.turn) + 90) % 360;
    page.dataset.turn = `${degrees}`;
    replace(page.querySelector("img"), "src", /turn=\d+/, `turn=${degrees}`);
    all("a", page).forEach((link) => replace(link, "href", /turn=\d+/, `turn=${degrees}`));
    changed(`转到${degrees}度`);
  }

  // --- straightening ---

  function tilt(page, cdeg) {
    const line = page.querySelector("[data-straight]");
    page.dataset.tilt = `${cdeg}`;
    replace(page.querySelector("img"), "src", /tilt=-?\d+/, `tilt=${cdeg}`);
    replace(page.querySelector("a.view"), "href", /tilt=-?\d+/, `tilt=${cdeg}`);
    line.hidden = cdeg === 0;
    line.querySelector("[data-tilt-title]").textContent = `${(Math.abs(cdeg) / 100).toFixed(1)}°`;
  }

  function untilt(page) {
    tilt(page, 0);
    changed("按原样，不拉正");
  }

  async function some(pages_looked_at) {
    const body = await post({ seen: form.elements.seen.value, do: "straighten", picks: pages_looked_at.map((page) => page.dataset.ref) });
    for (const [ref, cdeg] of Object.entries(body?.tilts ?? {})) {
      tilt(form.querySelector(`li[data-ref="${ref}"]`), cdeg);
    }
    return body === null ? null : Object.values(body.tilts).filter((cdeg) => cdeg !== 0).length;
  }

  // Some at a time: each answer shows how far it came, and the order may go on changing meanwhile.
  async function straighten(button) {
    const picked = all('input[name="pick"]:checked').map((box) => box.closest("li"));
    const pictures = (picked.length > 0 ? picked : all("li[data-ref]").filter((page) => page.dataset.tilt === "0")).filter((page) => !("file" in page.dataset));
    let done = 0;
    let turned = 0;
    button.disabled = true;
    for (; done < pictures.length && !stopped; done += AT_ONCE) {
      saved.textContent = `正在看第${done + 1}页，共${pictures.length}页…`;
      if (!(await flush())) {
        break;
      }
      saving = some(pictures.slice(done, done + AT_ONCE)).finally(() => (saving = null));
      const count = await saving;
      if (count === null) {
        break;
      }
      turned += count;
    }
    button.disabled = false;
    if (done >= pictures.length) {
      saved.textContent = turned > 0 ? `拉正了${turned}页，其余的没有动。` : "没有要拉正的页：页面已经是正的，或者看不出文字行。";
    }
  }

  function move_picked() {
    const to = form.elements.to.value;
    const picked = all('input[name="pick"]:checked');
    const list = (to === "apart" ? apart : form.querySelector(`[data-item="${to}"]`)).querySelector(".tray");
    picked.forEach((box) => {
      list.append(box.closest("li"));
      box.checked = false;
    });
    count_picked();
    changed(`${picked.length}页移到${to === "apart" ? "没有编入的页" : `证据${to}`}`);
  }

  const here = {
    up: (page) => step(page, true),
    down: (page) => step(page, false),
    turn,
    untilt,
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    const [verb, ref] = button?.value.split(":") ?? [];
    const page = ref && form.querySelector(`li[data-ref="${ref}"]`);
    if (page && here[verb]) {
      event.preventDefault();
      here[verb](page);
      button.focus();
      page.scrollIntoView({ block: "nearest" });
    } else if (verb === "straighten") {
      event.preventDefault();
      straighten(button);
    } else if (verb === "move" && form.elements.to.value !== "new") {
      event.preventDefault();
      move_picked();
    }
  });

  // Whatever goes to the server goes when all is saved there. Before others count it as sent.
  addEventListener(
    "submit",
    (event) => {
      if (dirty || saving) {
        event.preventDefault();
        flush().then((whole) => whole && event.target.requestSubmit(event.submitter));
      }
    },
    true,
  );

  form.addEventListener("change", (event) => event.target.name === "pick" && count_picked());
  form.addEventListener("input", (event) => /^items\./.test(event.target.name) && changed());
  addEventListener("online", () => dirty && !stopped && flush());
  addEventListener("beforeunload", (event) => dirty && !stopped && event.preventDefault());

  // --- dragging ---

  const target = (event) => dragged && event.target.closest?.("li[data-ref], section[data-item], section[data-apart]");

  all("li[data-ref]").forEach((page) => {
    page.draggable = true;
    page.querySelector("a").draggable = false;
  });
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("li[data-ref]");
    event.dataTransfer?.setData("text/plain", "");
    setTimeout(show);
  });
  form.addEventListener("dragover", (event) => {
    const over = target(event);
    all(".over").forEach((one) => one.classList.remove("over"));
    if (over) {
      event.preventDefault();
      over.classList.add("over");
    }
  });
  form.addEventListener("drop", (event) => {
    const over = target(event);
    if (over && over !== dragged) {
      event.preventDefault();
      if (over.matches("li")) {
        const behind = over.compareDocumentPosition(dragged) & Node.DOCUMENT_POSITION_PRECEDING && over.parentElement === dragged.parentElement;
        behind ? over.after(dragged) : over.before(dragged);
      } else {
        over.querySelector(".tray").append(dragged);
      }
      changed(`移到${where(dragged)}`);
    }
  });
  form.addEventListener("dragend", () => {
    all(".over").forEach((one) => one.classList.remove("over"));
    dragged = null;
    show();
  });

  count_picked();
})();
