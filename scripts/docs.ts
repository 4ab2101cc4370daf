import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFiles } from './check/files.ts';
import { compatibilityMarkdown } from './compatibility.ts';
import { specsMarkdown } from './specs.ts';

const root = join(import.meta.dirname, '..');

type Generated = { file: string; generate: () => Promise<string> };

const documents: readonly Generated[] = [
  { file: 'docs/specs.md', generate: async () => specsMarkdown(projectFiles(root)) },
  {
    file: 'docs/compatibility.md',
    generate: async () => compatibilityMarkdown(projectFiles(root)),
  },
  ...fromModule('packages/server/src/config/docs.ts', 'configurationMarkdown', 'docs/configuration.md'),
  ...fromModule('packages/server/src/config/docs.ts', 'configurationJsonSchema', 'docs/signet.schema.json'),
  ...fromModule('packages/server/src/api/docs.ts', 'apiMarkdown', 'docs/api.md'),
  ...fromModule(
    'packages/server/src/api/console-types.ts',
    'consoleTypes',
    'packages/console/src/api/generated.ts',
  ),
];

/** A document made by the exported function `name` of a module: its text, or its value as JSON. None while there is no such module. */
function fromModule(path: string, name: string, file: string): Generated[] {
  const module = join(root, path);
  if (!existsSync(module)) return [];
  const generate = async () => {
    // Its shape is checked on the next lines, because the module may not be there yet.
    const exports = (await import(pathToFileURL(module).href)) as Record<string, (() => unknown) | undefined>;
    const make = exports[name];
    if (typeof make !== 'function') throw new Error(`${path} exports no function ${name}`);
    const made = make();
    return typeof made === 'string' ? made : `${JSON.stringify(made, null, 2)}\n`;
  };
  return [{ file, generate }];
}

async function main(isCheck: boolean): Promise<number> {
  const results = await Promise.all(documents.map((document) => refresh(document, isCheck)));
  const faults = results.filter((result) => result !== '');
  for (const fault of faults) console.error(fault);
  return faults.length > 0 ? 1 : 0;
}

/** Writes the document, or with `isCheck` only compares. Resolves with what is wrong, or with nothing. */
async function refresh({ file, generate }: Generated, isCheck: boolean): Promise<string> {
  try {
    const text = await generate();
    const target = join(root, file);
    const isCurrent = existsSync(target) && readFileSync(target, 'utf8') === text;
    if (isCurrent) return '';
    if (isCheck) return `${file} is out of date: npm run docs`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    console.log(`${file} written`);
    return '';
  } catch (error) {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

process.exitCode = await main(process.argv.includes('--check'));
