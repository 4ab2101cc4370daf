import { dirname } from 'node:path';
import type { FaultPath } from '../admin/fault.ts';
import { isRecord } from '../admin/fault.ts';
import { formatPath } from './fault.ts';
import type { Override } from './source-environment.ts';
import { isPlatformName, variableOf } from './source-environment.ts';
import type { YamlSource } from './source-file.ts';

export type Group = Readonly<Record<string, unknown>>;

/** File and environment as one tree, not yet checked, that knows where each value came from. */
export type Settings = Readonly<{
  tree: Group;
  /** Path of the configuration file, when there is one. */
  file: string | undefined;
  /** `signet.yaml:12:5` or a variable: where a value stands, or where it should. */
  whereIs: (path: FaultPath) => string;
  /** Folder against which a path in this value is resolved. */
  folderOf: (path: FaultPath) => string;
}>;

/** Lays the environment over the file. A secret and its file are one setting: giving one takes the other away. */
export function mergeSettings(
  file: ({ path: string } & YamlSource) | undefined,
  overrides: readonly Override[],
): Settings {
  const names = new Map(overrides.map((override) => [override.path.join('.'), override.variable]));
  let tree: Group = isRecord(file?.value) ? file.value : {};
  for (const { path } of overrides) tree = withoutTwin(tree, path, names);
  for (const { path, value } of overrides) tree = withValue(tree, path, value);
  const variableAt = (path: FaultPath): string | undefined =>
    path
      .map((_, index) => path.slice(0, index + 1).join('.'))
      .map((key) => names.get(key) ?? names.get(`${key}_file`))
      .find((name) => name !== undefined);
  return {
    tree,
    file: file?.path,
    whereIs: (path) => variableAt(path) ?? file?.whereIs(path) ?? variableOf(path) ?? 'environment',
    folderOf: (path) => (file === undefined || variableAt(path) !== undefined ? '.' : dirname(file.path)),
  };
}

/** Sentences about variables for any program that took the place of what the file says. */
export function platformWarnings(
  file: YamlSource | undefined,
  overrides: readonly Override[],
): readonly string[] {
  return overrides
    .filter(({ path, variable }) => isPlatformName(variable) && valueAt(file?.value, path) !== undefined)
    .map(
      ({ path, variable }) =>
        `The environment variable ${variable} takes the place of ${path.join('.')} in the file.`,
    );
}

/** Where each setting came from; one place for each entry of a list of records. */
export function originsOf(settings: Settings): Readonly<Record<string, string>> {
  const places = (value: unknown, path: FaultPath): readonly FaultPath[] => {
    const nested = typeof path.at(-1) !== 'number' || (path[0] === 'tenants' && path.length === 2);
    if (isRecord(value) && nested)
      return Object.entries(value).flatMap(([key, member]) => places(member, [...path, key]));
    if (!Array.isArray(value) || !value.some(isRecord)) return [path];
    return value.flatMap((entry, index) => places(entry, [...path, index]));
  };
  return Object.fromEntries(
    places(settings.tree, []).map((path) => [formatPath(path), settings.whereIs(path)]),
  );
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    tree,
  );
}

function withValue(group: Group, path: readonly string[], value: unknown): Group {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return { ...group, [key]: value };
  const inner = Object.hasOwn(group, key) ? group[key] : undefined;
  return { ...group, [key]: withValue(isRecord(inner) ? inner : {}, rest, value) };
}

function withoutTwin(tree: Group, path: readonly string[], names: ReadonlyMap<string, string>): Group {
  const key = path.join('.');
  const twin = key.endsWith('_file') ? key.slice(0, -'_file'.length) : `${key}_file`;
  return names.has(twin) ? tree : without(tree, twin.split('.'));
}

function without(group: Group, [key = '', ...rest]: readonly string[]): Group {
  const { [key]: inner, ...others } = group;
  if (rest.length === 0) return others;
  return isRecord(inner) ? { ...group, [key]: without(inner, rest) } : group;
}
