import type { Surface } from '../web/tenant-app.ts';

/** Every surface by its name in a profile, loaded when a tenant needs it. */
const SURFACES: Readonly<Record<string, () => Promise<Surface>>> = {
  cells: async () => (await import('./cells/surface.ts')).cells,
  ocis: async () => (await import('./ocis/surface.ts')).ocis,
  userclouds: async () => (await import('./userclouds/surface.ts')).userclouds,
};

/** The surface of that name. */
export async function loadSurface(name: string): Promise<Surface> {
  const load = SURFACES[name];
  if (load === undefined) throw new Error(`There is no surface ${name}.`);
  return load();
}
