// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// Parses PowerShell from standard input by the grammar that editors use; each error is a line of its
// own, and the exit status 1.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter.js'));
const { Parser, Language } = require('@vscode/tree-sitter-wasm/wasm/tree-sitter.js');

await Parser.init({ locateFile: (name) => join(folder, name) });
const parser = new Parser();
parser.setLanguage(await Language.load(join(folder, 'tree-sitter-powershell.wasm')));
const tree = parser.parse(readFileSync(0, 'utf8'));
const errors = tree.rootNode.descendantsOfType('ERROR').concat(
  tree.rootNode.hasError ? [tree.rootNode].filter((node) => node.isMissing) : [],
);
for (const node of errors) {
  console.log(`${node.startPosition.row + 1}:${node.startPosition.column + 1}: ${JSON.stringify(node.text.slice(0, 80))}`);
}
if (tree.rootNode.hasError && errors.length === 0) console.log('something is missing');
process.exit(tree.rootNode.hasError ? 1 : 0);
