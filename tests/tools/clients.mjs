// Client support by the data of caniemail.com: {"files": [...], "clients": [...]} on stdin.
// For each file: what which clients do not support, with the notes that limit it.

import { readFileSync } from 'node:fs';
import { caniemail } from 'caniemail';

const { files, clients } = JSON.parse(readFileSync(0, 'utf8'));
const results = files.map((file) => {
  const { issues } = caniemail({ clients, html: readFileSync(file, 'utf8') });
  return [...issues.errors].flatMap(([client, found]) =>
    found.map(({ title, notes }) => ({ client, feature: title, notes })));
});
process.stdout.write(JSON.stringify(results));
