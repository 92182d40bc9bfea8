// What shots.mjs and script.test.mjs share: pages rendered by build/preview and served on loopback with
// the headers that the program sends.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const samples = join(here, "samples");
const KINDS = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

const sampleFile = (name) => join(samples, `${name}.json`);

function viewsOf(name) {
  const view = JSON.parse(readFileSync(sampleFile(name), "utf8"));
  return [...(view._with ?? []).flatMap(viewsOf), sampleFile(name)];
}

export function render(name) {
  const views = [sampleFile("_layout"), ...viewsOf(name)];
  const program = join(root, "build/preview");
  return execFileSync(program, [join(root, "pages/zh"), name.split(".")[0], ...views]);
}

function fileOf(path) {
  if (path.endsWith("/diagram.svg")) {
    return join(samples, "sample.svg");
  }
  const folder = path.startsWith("/static/sample") ? samples : join(root, "static");
  return join(folder, path.slice("/static/".length));
}

function answer(path, response) {
  if (path === "/favicon.ico" || path === "/notices/stream") {
    response.statusCode = 204;
    response.end();
  } else if (path.startsWith("/static/") || path.endsWith("/diagram.svg")) {
    response.setHeader("Content-Type", KINDS[extname(path)] ?? "application/octet-stream");
    response.end(readFileSync(fileOf(path)));
  } else {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'");
    response.end(render(path.slice(1)));
  }
}

// before(request, response, path): true when it answered itself.
export function serve(before = () => false) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    try {
      if (!(await before(request, response, path))) {
        answer(path, response);
      }
    } catch (failure) {
      response.statusCode = 404;
      response.end(String(failure));
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

export const baseOf = (server) => `http://127.0.0.1:${server.address().port}`;

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
