// HTML rules: {"files": [...]} on stdin, what html-validate says of each on stdout.

import { readFileSync } from 'node:fs';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const { files, rules } = JSON.parse(readFileSync(0, 'utf8'));
const validator = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:standard'], rules }));
const results = [];
for (const file of files) {
  const report = await validator.validateString(readFileSync(file, 'utf8'), file);
  results.push(report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column }) => ({ ruleId, message, line, column }))));
}
process.stdout.write(JSON.stringify(results));
