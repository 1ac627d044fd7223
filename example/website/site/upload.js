/* SPDX-License-Identifier: ISC */
/* Sends files to /upload one after the other and shows the length and checksum that come back. */
"use strict";

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
    } catch (error) {
        size.textContent = "–";
        sum.textContent = error.message;
        sum.className = "bad";
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
