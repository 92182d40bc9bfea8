// Looks at the pages: renders every sample of samples/ with build/preview, opens it in Chromium at
// 390 and 1280 px, takes pictures to build/shots/, and complains about what axe finds, about pages
// that scroll sideways, targets under 24 px and weight over 40 KB. Names on the command line choose samples.
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { baseOf, openBrowser, render, root, samples, serve } from "./serve.mjs";

const shots = join(root, "build/shots");
const LIMIT_BYTES = 40 * 1024;

const weigh = (bytes) => gzipSync(bytes).length;

async function faultsOf(page) {
  await page.evaluate(readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, { runOnly: tags, rules: { "target-size": { enabled: true } } });
    const faults = found.violations.map(
      (v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(" | ")}`,
    );
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) {
      faults.push(`scrolls sideways by ${wide} px`);
    }
    return faults;
  });
}

async function lookAt(browser, base, name) {
  const html = render(name);
  const shared = ["tongsu.css", "tongsu.js"].map((f) => readFileSync(join(root, "static", f)));
  const bytes = [html, ...shared].reduce((sum, part) => sum + weigh(part), 0);
  const faults = bytes > LIMIT_BYTES ? [`weighs ${bytes} bytes`] : [];
  for (const width of [390, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const page = await context.newPage();
    page.on("console", (m) => m.type() === "error" && faults.push(`console: ${m.text()} ${m.location().url}`));
    page.on("pageerror", (e) => faults.push(`script: ${e.message}`));
    await page.goto(`${base}/${name}`);
    faults.push(...(await faultsOf(page)).map((fault) => `${width}: ${fault}`));
    // As high as the page, so that the bar at the bottom of a phone stands at the end.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
    await context.close();
  }
  return { name, bytes, faults: [...new Set(faults)] };
}

mkdirSync(shots, { recursive: true });
const wanted = process.argv.slice(2);
const names = readdirSync(samples)
  .filter((f) => f.endsWith(".json") && !f.startsWith("_"))
  .map((f) => f.slice(0, -".json".length))
  .filter((n) => wanted.length === 0 || wanted.includes(n));
const server = await serve();
const browser = await openBrowser();
let bad = 0;
for (const name of names) {
  const seen = await lookAt(browser, baseOf(server), name);
  console.log(`${seen.faults.length === 0 ? "ok    " : "not ok"} ${name} (${seen.bytes} bytes)`);
  seen.faults.forEach((fault) => console.log(`       ${fault}`));
  bad += seen.faults.length > 0;
}
await browser.close();
server.close();
console.log(`${names.length - bad} passed, ${bad} failed`);
process.exit(bad > 0 ? 1 : 0);
