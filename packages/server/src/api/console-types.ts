import { everything } from './openapi.ts';

/** The file of the console that says what the interface answers: a type for each named schema. */
export const consoleTypes = (): string =>
  [
    '// long because generated from packages/server/src/api, by npm run docs',
    ...Object.entries(everything().schemas).map(
      ([name, schema]) => `\nexport type ${name} = ${typeOf(schema)};`,
    ),
    '',
  ].join('\n');

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A JSON Schema as a type of TypeScript; `unknown` where it says nothing that a type could. */
export function typeOf(schema: unknown, indent = ''): string {
  if (!isSchema(schema)) return 'unknown';
  const { $ref, type } = schema;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? 'unknown';
  if ('const' in schema) return literal(schema['const']);
  const values = schema['enum'];
  if (Array.isArray(values)) return values.map(literal).join(' | ');
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return [...new Set(choices.map((one) => typeOf(one, indent)))].join(' | ');
  if (Array.isArray(type))
    return type.map((one: unknown) => typeOf({ ...schema, type: one }, indent)).join(' | ');
  if (type === 'array') return `readonly (${typeOf(schema['items'], indent)})[]`.replace(/\((\w+)\)/, '$1');
  if (type === 'object') return objectType(schema, indent);
  return SIMPLE[String(type)] ?? 'unknown';
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : JSON.stringify(value);

function objectType({ properties, required, additionalProperties: others }: Schema, indent: string): string {
  if (!isSchema(properties)) return `Readonly<Record<string, ${typeOf(others, indent)}>>`;
  const inner = `${indent}  `;
  const isNeeded = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${inner}${/^\w+$/.test(name) ? name : literal(name)}${isNeeded(name) ? '' : '?'}: ${typeOf(schema, inner)};`,
  );
  return `Readonly<{\n${members.join('\n')}\n${indent}}>`;
}
