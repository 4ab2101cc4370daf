import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { holdYoungGeneration } from './cli/young-generation.ts';

holdYoungGeneration();
// Compiled code is kept beside the program and in no shared folder, where others could put code of their own.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));

// Whoever reads the output may have seen enough, as `head` has: what is left is written to nobody.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault;
});

const { run } = await import('./cli.ts');
await run(process.argv.slice(2));
