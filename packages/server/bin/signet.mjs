#!/usr/bin/env node
// Plain JavaScript: this file must start on any Node, to say which one is needed.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);
const launcher = new URL('../../../scripts/launch/', import.meta.url);

if (existsSync(main) && existsSync(launcher)) {
  await runInClone();
} else if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`signet needs Node 24 or later; this is ${process.version}. See https://nodejs.org\n`);
  process.exitCode = 1;
} else {
  // Node strips no types below node_modules: the published package holds compiled JavaScript.
  await import(new URL('../dist/main.js', import.meta.url).href);
}

async function runInClone() {
  const { ensureInstalled } = await import(new URL('install.mjs', launcher).href);
  const { ensureBuilt } = await import(new URL('build.mjs', launcher).href);
  const { ensureConsoleBuilt } = await import(new URL('console.mjs', launcher).href);
  const { runNode } = await import(new URL('node.mjs', launcher).href);
  const { finish } = await import(new URL('say.mjs', launcher).href);
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  await finish(async () => {
    await ensureInstalled(root);
    const args = process.argv.slice(2);
    // Other commands show no pages.
    if (['serve', 'dev'].includes(args[0])) await ensureConsoleBuilt(root);
    return runNode(root, [await ensureBuilt(root), ...args], process.cwd());
  });
}
