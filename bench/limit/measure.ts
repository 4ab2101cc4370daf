import { measurePrimitives } from './primitives.ts';

// A process of its own, so that it can be pinned to the server's core: node measure.ts DIRECTORY GROUP
const [, , directory = '', group = ''] = process.argv;
process.stdout.write(JSON.stringify(measurePrimitives(directory, Number(group))));
