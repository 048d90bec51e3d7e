// nodemailer as its manual says it is fastest: pooled, connections kept, a message built for each reader.
//
// NODE_PATH=FOLDER/node_modules node bench/peer.cjs PORT READERS SAMPLE.json
//
// SAMPLE.json holds {subject, text, html, headers, token}; the token stands where readers differ.
"use strict";

const { readFileSync } = require("node:fs");
const nodemailer = require("nodemailer");

const [port, readers, file] = process.argv.slice(2);
const sample = JSON.parse(readFileSync(file, "utf8"));

const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(port),
  ignoreTLS: true,
  pool: true,
  maxConnections: 4,
  maxMessages: Infinity,
});

function message(reader) {
  const token = reader.toString(16).padStart(32, "0");
  const own = (shared) => shared.replaceAll(sample.token, token);
  const headers = Object.fromEntries(Object.entries(sample.headers).map(([name, value]) => [name, own(value)]));
  return {
    from: "digest@news.example.org",
    to: `reader${reader}@list${reader % 500}.example.org`,
    subject: sample.subject,
    text: own(sample.text),
    html: own(sample.html),
    headers,
  };
}

async function main() {
  const numbers = Array.from({ length: Number(readers) }, (_, index) => index + 1);
  const results = await Promise.all(numbers.map((reader) => transport.sendMail(message(reader))));
  transport.close();
  console.log(results.at(-1).messageSize);
}

main();
