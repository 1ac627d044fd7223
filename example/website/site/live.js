/* SPDX-License-Identifier: ISC */
/* Shows the events of /live/events as numbers, and their last values as bars. */
"use strict";

const BARS_MAX = 48;
const BAR_WIDTH = 5;
const SVG = "http://www.w3.org/2000/svg";

const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const series = new Map();
let before = null;
let paused = false;

function put(kind, name, text) {
    const node = document.querySelector(`[data-${kind}="${name}"]`);
    if (node)
        node.textContent = text;
}

/* A value with its unit set smaller beside it. */
function putWithUnit(name, value, unit) {
    const node = document.querySelector(`[data-value="${name}"]`);
    const small = document.createElement("small");
    small.textContent = ` ${unit}`;
    node.replaceChildren(value, small);
}

function seconds(total) {
    const s = Math.floor(total);
    if (s < 60)
        return [`${s}`, "s"];
    if (s < 3600)
        return [`${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`, "min"];
    const h = Math.floor(s / 3600);
    if (h < 48)
        return [`${h}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}`, "h"];
    return [`${Math.floor(h / 24)}`, "days"];
}

function bytes(size) {
    if (size < 1 << 20)
        return [(size / 1024).toFixed(1), "KiB"];
    return [(size / 1048576).toFixed(1), "MiB"];
}

/* The newest bar stands at the right; heights are relative to top, or to the highest that is shown. */
function bars(name, value, top) {
    const place = document.querySelector(`[data-bars="${name}"]`);
    const values = series.get(name) ?? [];
    values.push(Math.max(0, value));
    if (values.length > BARS_MAX)
        values.shift();
    series.set(name, values);

    const highest = top ?? Math.max(...values, 1e-9);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "bars");
    svg.setAttribute("viewBox", `0 0 ${BARS_MAX * BAR_WIDTH} 40`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    values.forEach((each, i) => {
        const height = each > 0 ? Math.max(1.5, (each / highest) * 38) : 0.6;
        const bar = document.createElementNS(SVG, "rect");
        bar.setAttribute("x", (BARS_MAX - values.length + i) * BAR_WIDTH);
        bar.setAttribute("y", 40 - height);
        bar.setAttribute("width", BAR_WIDTH - 1.5);
        bar.setAttribute("height", height);
        svg.append(bar);
    });
    place.replaceChildren(svg);
}

function rate(now, key) {
    const passed = now.uptime_s - before.uptime_s;
    return passed > 0 ? (now[key] - before[key]) / passed : 0;
}

function perSecond(value) {
    return `${number.format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))} a second`;
}

function show(now) {
    put("value", "requests", number.format(now.requests));
    put("value", "turns", number.format(now.turns));
    put("value", "connections", number.format(now.connections));
    put("value", "tasks", number.format(now.tasks));
    putWithUnit("memory", ...bytes(now.memory_bytes));
    put("aside", "memory", `of ${bytes(now.memory_limit_bytes).join(" ").replace(".0 ", " ")}, the limit`);
    putWithUnit("uptime", ...seconds(now.uptime_s));
    put("aside", "uptime", `since ${clock.format(Date.now() - now.uptime_s * 1000)}`);
    bars("connections", now.connections);
    bars("tasks", now.tasks);
    bars("memory", now.memory_bytes, now.memory_limit_bytes);

    /* A program that was started again counts from nought: its first event has nothing to be compared with. */
    if (before && now.uptime_s > before.uptime_s) {
        for (const key of ["requests", "turns"]) {
            const value = rate(now, key);
            put("aside", key, perSecond(value));
            bars(key, value);
        }
    }
    before = now;
}

function lamp(text, on) {
    const node = document.getElementById("lamp");
    if (node.textContent !== text)
        node.textContent = text;
    node.classList.toggle("on", on);
}

function start() {
    const source = new EventSource("/live/events");
    source.onopen = () => lamp("Live", true);
    source.onerror = () => lamp(source.readyState === EventSource.CLOSED
        ? "Too many are watching; come again later" : "No answer; trying again", false);
    source.onmessage = (event) => {
        if (!paused)
            show(JSON.parse(event.data));
    };

    const pause = document.getElementById("pause");
    pause.addEventListener("click", () => {
        paused = !paused;
        pause.setAttribute("aria-pressed", String(paused));
        pause.textContent = paused ? "Go on" : "Pause";
        lamp(paused ? "Paused" : "Live", !paused);
    });

    document.getElementById("state").hidden = false;
    document.getElementById("gauges").hidden = false;
}

start();
