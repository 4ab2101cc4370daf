import type { ClientFileReader } from './read-clients.ts';

/** Every form by its name in a profile, loaded when a tenant needs it. */
const READERS: Readonly<Record<string, () => Promise<ClientFileReader>>> = {
  cells: async () => (await import('./cells/client-file.ts')).readClientFile,
  ocis: async () => (await import('./ocis/client-file.ts')).readClientFile,
};

/** The reader of that name. */
export async function loadClientFileReader(name: string): Promise<ClientFileReader> {
  const load = READERS[name];
  if (load === undefined) throw new Error(`There is no reader ${name}.`);
  return load();
}
