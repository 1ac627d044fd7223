#!/bin/sh
# SPDX-License-Identifier: ISC
# browser.sh WEBSITE FOLDER: the example website in Debian's chromium, driven by puppeteer-core. npm puts
# that, of the versions and hashes in package-lock.json, into FOLDER. What is missing makes a skip.
set -u
website=$1 folder=$2
cd "$(dirname "$0")" || exit 1
for tool in chromium node npm; do
    [ -x /usr/bin/$tool ] || { echo "skipped: /usr/bin/$tool is not installed"; exit 77; }
done
mkdir -p "$folder" && cp package.json package-lock.json browser.mjs "$folder" && cd "$folder" || exit 1
if ! cmp -s package-lock.json installed; then
    rm -f installed
    if ! timeout 300 /usr/bin/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1; then
        echo "skipped: puppeteer-core can not be had:" && tail -n 5 npm.log
        exit 77
    fi
    cp package-lock.json installed
fi
exec /usr/bin/node browser.mjs "$website"
