import * as z from 'zod';
import type { FaultPath } from '../admin/fault.ts';
import { nearestKey, unwrap } from '../admin/fault.ts';
import type { ConfigFault } from './fault.ts';
import { settingsSchema } from './settings.ts';
import { parseYaml } from './source-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting that can be given by a variable: every key that is no group of keys. */
export type Setting = Readonly<{ path: readonly string[]; variable: string; schema: z.core.$ZodType }>;

/** A value from the environment in the place of the file's. */
export type Override = Readonly<{ path: readonly string[]; variable: string; value: unknown }>;

const PREFIX = 'SIGNET_';

/** Names that are not settings: the file itself, and what tests tell each other. */
const OTHER_NAMES = /^SIGNET_(CONFIG$|TEST_)/;

/** Names that platforms give; `SIGNET_…` for the same setting is stronger. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  PORT: 'SIGNET_LISTEN_PORT',
  HOST: 'SIGNET_LISTEN_HOST',
  DATABASE_URL: 'SIGNET_DATABASE',
  LOG_LEVEL: 'SIGNET_LOG_LEVEL',
};

/** Every setting, by its variable. */
export const SETTINGS: readonly Setting[] = settingsOf(settingsSchema, []);

/** The one place that reads the environment of the process. */
export const readEnvironment = (): Environment => ({ ...process.env });

/** What the environment sets; a variable without text counts as not set. */
export function readOverrides(environment: Environment): {
  overrides: readonly Override[];
  faults: readonly ConfigFault[];
} {
  const faults: ConfigFault[] = [];
  const overrides = new Map<string, Override>();
  const given = (name: string): boolean => (environment[name] ?? '') !== '';
  for (const [name, variable] of Object.entries(PLATFORM_NAMES)) {
    if (given(name) && !given(`${variable}_FILE`)) read(name, variable);
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !OTHER_NAMES.test(name) && given(name)) read(name, name);
  }
  return { overrides: [...overrides.values()], faults };

  function read(name: string, variable: string): void {
    const setting = SETTINGS.find((candidate) => candidate.variable === variable);
    if (setting === undefined) {
      faults.push(unknownVariable(name));
      return;
    }
    const value = parseValue(name, environment[name] ?? '', setting.schema);
    if ('faults' in value) faults.push(...value.faults);
    else overrides.set(variable, { path: setting.path, variable: name, value: value.value });
  }
}

/** Whether a variable is one of those that platforms give for any program. */
export const isPlatformName = (variable: string): boolean => Object.hasOwn(PLATFORM_NAMES, variable);

/** The variable for a setting, or undefined when it is part of a list. */
export const variableOf = (path: FaultPath): string | undefined =>
  SETTINGS.find((setting) => setting.path.join('.') === path.join('.'))?.variable;

function settingsOf(group: z.ZodObject, path: readonly string[]): readonly Setting[] {
  const members = Object.entries<z.core.$ZodType>(group.shape);
  return members.flatMap(([key, schema]) => {
    const inner = unwrap(schema);
    const full = [...path, key];
    if (inner instanceof z.ZodObject) return settingsOf(inner, full);
    return [{ path: full, variable: PREFIX + full.join('_').toUpperCase(), schema: inner }];
  });
}

function unknownVariable(name: string): ConfigFault {
  const nearest = nearestKey(
    name.slice(PREFIX.length),
    SETTINGS.map((setting) => setting.variable.slice(PREFIX.length)),
  );
  const message = 'is not a variable that Signet knows';
  if (nearest === undefined) return { where: name, key: '', message };
  return {
    where: name,
    key: '',
    message: `${message}; did you mean ${PREFIX}${nearest}?`,
    nearest: PREFIX + nearest,
  };
}

function parseValue(
  name: string,
  text: string,
  schema: z.core.$ZodType,
): { value: unknown } | { faults: readonly ConfigFault[] } {
  const trimmed = text.trim();
  if (schema instanceof z.ZodNumber) return { value: /^[0-9]{1,15}$/.test(trimmed) ? Number(trimmed) : text };
  if (schema instanceof z.ZodBoolean || schema instanceof z.ZodUnion)
    return { value: trimmed === 'true' || (trimmed === 'false' ? false : trimmed) };
  if (schema instanceof z.ZodEnum) return { value: trimmed };
  if (!(schema instanceof z.ZodArray)) return { value: text };
  const ofTexts = unwrap(schema.def.element) instanceof z.ZodString;
  if (ofTexts && !/^[[-]/.test(trimmed)) return { value: trimmed.split(',').map((entry) => entry.trim()) };
  const parsed = parseYaml(name, text);
  return 'faults' in parsed
    ? { faults: parsed.faults.map((fault) => ({ ...fault, where: name })) }
    : { value: parsed.value };
}
