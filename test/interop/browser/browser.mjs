/* SPDX-License-Identifier: ISC */
/* A visitor of the example website: follows each link, in light and dark, on a desk and on a phone,
 * watches the live page change, and sends a file. With SCREENSHOT=FILE the first page is kept there. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const WAIT_MS = 30000;
const SCREENS = { desk: { width: 1280, height: 789 }, phone: { width: 360, height: 740, isMobile: true, hasTouch: true } };
const trouble = [];

async function serve() {
    const server = spawn(process.argv[2], ["--port=0"], { stdio: ["ignore", "ignore", "pipe"] });
    for await (const line of createInterface({ input: server.stderr })) {
        const found = line.match(/url=(http:\S+)/);
        if (found)
            return { server, home: found[1] };
    }
    throw new Error("the website does not start");
}

/* A page that notes all that goes wrong on it, and all that it wants from elsewhere. */
async function open(browser, home, scheme, screen) {
    const page = await browser.newPage();
    const note = (what) => trouble.push(`${scheme}, ${page.url()}: ${what}`);
    page.setDefaultTimeout(WAIT_MS);
    await page.setViewport(screen);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && note(message.text()));
    page.on("pageerror", (error) => note(error.message));
    page.on("request", (request) => request.url().startsWith(home) || note(`asks for ${request.url()}`));
    page.on("response", (response) => response.status() < 400 || note(`${response.status()} for ${response.url()}`));
    return page;
}

/* Follows the links of the site from its front page on; answers the paths that were seen. */
async function walk(page, home) {
    const seen = new Set([home]);
    for (const url of seen) {
        await page.goto(url, { waitUntil: "load" });
        const found = await page.evaluate(() => ({
            links: [...document.links].map((link) => link.href.split("#")[0]),
            heading: document.querySelector("h1")?.textContent ?? "",
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            small: [...document.querySelectorAll("nav a, button")].map((x) => x.getBoundingClientRect().height)
                .filter((height) => height > 0 && height < 20).length,
        }));
        assert.ok(found.heading.length > 3, `${url} has no heading`);
        assert.equal(found.overflow, 0, `${url} scrolls sideways at ${page.viewport().width}`);
        assert.equal(found.small, 0, `${url} has links too small for a finger`);
        found.links.filter((link) => link.startsWith(home)).forEach((link) => seen.add(link));
    }
    return [...seen].map((url) => url.slice(home.length - 1)).sort();
}

const text = (page, selector) => page.$eval(selector, (node) => node.textContent);

async function watch(page, home) {
    await page.goto(`${home}live.html`);
    await page.waitForSelector("#gauges:not([hidden])");
    const changed = (before) => page.waitForFunction(
        (old) => ![old, ""].includes(document.querySelector('[data-value="turns"]').textContent), {}, before);
    await changed("–");
    const first = await text(page, '[data-value="turns"]');
    await changed(first);
    assert.notEqual(await text(page, '[data-value="turns"]'), first);
    assert.ok((await page.$$('[data-bars="turns"] rect')).length > 0);
    await page.click("#pause");
    assert.equal(await text(page, "#lamp"), "Paused");
}

async function upload(page, home) {
    await page.goto(`${home}upload.html`);
    const input = await page.waitForSelector("#file");
    await input.uploadFile(process.argv[1]);
    await page.waitForFunction(() => document.querySelector("#rows tr td:last-child")?.textContent === "agrees");
}

async function visit(browser, home) {
    const papers = {};
    for (const scheme of ["light", "dark"]) {
        for (const [name, screen] of Object.entries(SCREENS)) {
            const page = await open(browser, home, scheme, screen);
            const paths = await walk(page, home);
            assert.ok(["/", "/guide.html", "/live.html", "/upload.html"].every((path) => paths.includes(path)), `${paths}`);
            await page.goto(home);
            papers[scheme] = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
            if (scheme === "light" && name === "desk" && process.env.SCREENSHOT)
                writeFileSync(process.env.SCREENSHOT, await page.screenshot());
            await watch(page, home);
            await upload(page, home);
            await page.close();
            console.log(`${scheme}, ${name}: ${paths.join(" ")}`);
        }
    }
    assert.notEqual(papers.light, papers.dark);
}

const { server, home } = await serve();
const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
    await visit(browser, home);
    assert.deepEqual(trouble, []);
} finally {
    await browser.close();
    server.kill("SIGTERM");
}
assert.deepEqual(await once(server, "exit"), [0, null]);
