// Coming in, as people do it: two steps with a phone's code, a desk that a phone confirms, a forgotten
// password: without a fault that axe knows.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";
import { totp, totp_step } from "../lib/totp.mjs";

let server;
let browser;

before(async () => {
    server = await start();
    browser = await chrome();
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

/** The page as it is now. */
async function sound(page, name) {
    await shot(page, `account-${page.viewportSize().width}-${name}`);
    const faults = [...(await axe(page)), ...(await overflow(page)), ...page.faults.splice(0)];
    assert.deepEqual(faults, [], name);
}

describe("two steps", () => {
    for (const size of [PHONE, DESK]) {
        test(`are set up and used at ${size.width} px`, { timeout: 90_000 }, async () => {
            const name = `citizen-${size.width}`;
            const page = await window_of(browser, server, { size });
            await log_in(page, name);
            await page.goto("/me");
            await sound(page, "me");
            await page.getByRole("link", { name: "去开启" }).click();
            await sound(page, "totp-off");
            await page.getByLabel("当前密码").fill("tongsu-demo");
            await page.getByRole("button", { name: "下一步" }).click();
            const secret = await page.locator("code.secret").textContent();
            await sound(page, "totp-setup");
            const step = totp_step();
            await page.getByLabel("动态码").fill("1");
            await page.getByRole("button", { name: "开启" }).click();
            await sound(page, "totp-wrong");
            await page.getByLabel("动态码").fill(totp(secret, step));
            await page.getByRole("button", { name: "开启" }).click();
            assert.equal(await page.locator(".codes li").count(), 10);
            await sound(page, "totp-codes");
            await page.getByRole("link", { name: "我已记下" }).click();
            await page.goto("/me/totp");
            await sound(page, "totp-on");
            await page.goto("/me");
            await page.getByRole("button", { name: "退出登录" }).click();
            await page.goto("/login?back=/me");
            await page.getByLabel("账号").first().fill(name);
            await page.getByLabel("密码").first().fill("tongsu-demo");
            await page.getByRole("button", { name: "登录", exact: true }).click();
            await sound(page, "login-second");
            await page.getByLabel("动态码").fill(totp(secret, step + 1));
            await page.getByRole("button", { name: "登录", exact: true }).click();
            await page.waitForURL((url) => url.pathname === "/me");
            await page.context().close();
        });
    }
});

describe("a desk and a phone", () => {
    test("the desk goes on by itself when the phone has confirmed", { timeout: 60_000 }, async () => {
        const desk = await window_of(browser, server, { size: DESK });
        const phone = await window_of(browser, server, { size: PHONE });
        await log_in(phone, "citizen-60");
        await desk.goto("/login?back=/me");
        await desk.getByRole("button", { name: "扫码登录" }).click();
        await sound(desk, "desk-login");
        const code = await desk.locator('input[name="code"]').inputValue();
        const number = (await desk.locator(".digits").textContent()).trim();
        await phone.goto(`/scan/${code}`);
        await sound(phone, "desk-confirm");
        await phone.getByLabel("电脑上显示的两位数字").fill("x");
        await phone.getByRole("button", { name: "确认登录" }).click();
        await sound(phone, "desk-confirm-wrong");
        await phone.getByLabel("电脑上显示的两位数字").fill(number);
        await phone.getByRole("button", { name: "确认登录" }).click();
        await sound(phone, "desk-confirmed");
        await desk.waitForURL((url) => url.pathname === "/me");
        await desk.context().close();
        await phone.context().close();
    });

    test("the desk says so when the phone refuses", { timeout: 60_000 }, async () => {
        const desk = await window_of(browser, server, { size: DESK });
        await desk.goto("/login");
        await desk.getByRole("button", { name: "扫码登录" }).click();
        const code = await desk.locator('input[name="code"]').inputValue();
        const phone = await login(server, "citizen-61");
        assert.equal((await phone.post(`/scan/${code}`, { decision: "refuse" })).status, 200);
        await desk.getByText("这个二维码已经不能用了").waitFor();
        await sound(desk, "desk-over");
        await desk.context().close();
    });
});

describe("a forgotten password", () => {
    test("is set anew", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await page.goto("/login");
        await sound(page, "login");
        await page.getByRole("link", { name: "忘记密码" }).click();
        await sound(page, "recover");
        await page.getByLabel("账号").fill("citizen-62");
        await login(server, "citizen-62"); // exists from its first log-in on
        await page.getByRole("button", { name: "发验证码" }).click();
        await page.getByLabel("手机收到的验证码").fill("000000");
        await page.getByLabel("新密码").fill("短");
        await page.getByRole("button", { name: "设置新密码" }).click();
        await sound(page, "recover-wrong");
        await page.getByLabel("新密码").fill("correct-horse");
        await page.getByRole("button", { name: "设置新密码" }).click();
        await page.getByText("密码已改好").waitFor();
        await log_in(page, "citizen-62", "correct-horse");
        await page.context().close();
    });
});

describe("the administrator", () => {
    test("says which posts want two steps", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "admin");
        await page.goto("/admin/totp");
        await page.getByLabel("书记员").check();
        await page.getByRole("button", { name: "保存" }).click();
        assert.equal(await page.getByLabel("书记员").isChecked(), true);
        await sound(page, "admin-totp");
        await page.getByLabel("系统管理").check();
        await page.getByRole("button", { name: "保存" }).click();
        await page.getByText("请先为自己开启两步登录").first().waitFor();
        await sound(page, "admin-totp-refused");
        await page.goto("/admin/people");
        await sound(page, "admin-people");
        await page.context().close();
    });
});
