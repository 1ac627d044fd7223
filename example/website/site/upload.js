/* SPDX-License-Identifier: ISC */
/* Sends files to /upload one after the other, shows the length and checksum that come back, and compares the
 * checksum with the one that the browser computes itself. */
"use strict";

/* CRC-32 as gzip has it (RFC 1952 section 8), a table entry for each value of a byte. */
const table = Uint32Array.from({ length: 256 }, (unused, value) => {
    for (let bit = 0; bit < 8; bit++)
        value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
});

async function checksum(file) {
    const reader = file.stream().getReader();
    let crc = 0xffffffff;
    for (;;) {
        const { done, value } = await reader.read();
        if (done)
            return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
        for (const byte of value)
            crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
    }
}

const number = new Intl.NumberFormat("en");
const rows = document.getElementById("rows");
let queue = Promise.resolve();

function cell(row, text, name) {
    const node = document.createElement("td");
    node.textContent = text;
    if (name)
        node.className = name;
    row.append(node);
    return node;
}

/* XMLHttpRequest, because fetch does not tell how much of a body has been sent. */
function put(file, progress) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("PUT", "/upload");
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.upload.onprogress = (event) => {
            if (event.lengthComputable && event.total > 0)
                progress.value = event.loaded / event.total;
        };
        request.onload = () => {
            if (request.status !== 200)
                return reject(new Error(`refused with status ${request.status}`));
            try {
                resolve(JSON.parse(request.responseText));
            } catch {
                reject(new Error("the answer was not understood"));
            }
        };
        request.onerror = () => reject(new Error("the connection was lost"));
        request.send(file);
    });
}

async function send(file) {
    const row = document.createElement("tr");
    cell(row, file.name);
    const size = cell(row, "", "number");
    const sum = cell(row, "", "number");
    const verdict = cell(row, "");
    const progress = document.createElement("progress");
    progress.value = 0;
    progress.setAttribute("aria-label", `Sending ${file.name}`);
    size.append(progress);
    rows.append(row);
    document.getElementById("results").hidden = false;
    try {
        const answer = await put(file, progress);
        size.textContent = number.format(answer.bytes);
        const code = document.createElement("output");
        code.textContent = answer.crc32;
        sum.replaceChildren(code);
        const same = (await checksum(file)) === answer.crc32;
        verdict.textContent = same ? "agrees" : "differs";
        verdict.className = same ? "" : "bad";
    } catch (error) {
        size.textContent = "–";
        verdict.textContent = error.message;
        verdict.className = "bad";
    }
}

function sendAll(files) {
    for (const file of files)
        queue = queue.then(() => send(file));
}

function start() {
    const drop = document.getElementById("drop");
    const input = document.getElementById("file");

    input.addEventListener("change", () => {
        sendAll([...input.files]);
        input.value = "";
    });
    drop.addEventListener("dragover", (event) => {
        event.preventDefault();
        drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
        event.preventDefault();
        drop.classList.remove("over");
        sendAll([...event.dataTransfer.files]);
    });
    document.getElementById("form").hidden = false;
}

start();
