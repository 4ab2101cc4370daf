import * as z from 'zod';
import { unwrap } from '../admin/fault.ts';
import { EXAMPLE } from './example.ts';
import { settingsSchema, tenantEntry } from './settings.ts';

/** JSON Schema (draft 7, which editors know best) of the configuration file. */
export function configurationJsonSchema(): object {
  const schema = z.toJSONSchema(settingsSchema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const note of ['usual', 'kind']) delete jsonSchema[note];
    },
  });
  return { ...schema, title: 'Signet configuration' };
}

/** The reference of every setting, in Markdown. */
export function configurationMarkdown(): string {
  const { clients, users, groups, scopes, resources, tenants, ...plain } = settingsSchema.shape;
  return [
    INTRODUCTION,
    '## Settings\n',
    table(plain, ''),
    `## \`tenants\`\n\n${meaningOf(tenants)} Beside \`name\`, every key is one of the settings above.\n`,
    table({ name: tenantEntry.shape.name }, 'tenants[].'),
    ...Object.entries({ clients, users, groups, scopes, resources }).flatMap(([key, schema]) =>
      listSection(key, schema),
    ),
    `## An example\n\n\`\`\`yaml\n${EXAMPLE}\`\`\`\n`,
  ].join('\n');
}

const INTRODUCTION = `# Configuration

<!-- Generated from the table of settings by \`npm run docs\`. Do not edit. -->

Signet reads one YAML file (1.2: no tags, no merge keys), named by \`--config\` or \`SIGNET_CONFIG\`, and the environment. \`signet config validate\` lists every fault at once,
\`signet config show\` prints the effective values with their origin, and \`signet config schema\` prints a JSON Schema for editors:
put \`# yaml-language-server: $schema=./signet.schema.json\` into the first line of the file.

- A setting is taken from its \`SIGNET_\` variable, else from \`PORT\`, \`HOST\`, \`DATABASE_URL\` or \`LOG_LEVEL\` where it has one of
  these, else from the file, else it has its default. An empty variable counts as not set; an unknown \`SIGNET_\` variable is a fault.
- Lists in variables are YAML or JSON; lists of plain texts may also be separated by commas.
- Each secret may stand in a file of its own: \`…_file\` in the configuration file, \`…_FILE\` in the environment. A line end after the
  secret is not part of it. To give both is a fault.
- Relative paths in the file start at the folder of the file, those in variables at the current folder.
- A duration is a number of seconds, or a number with \`s\`, \`m\`, \`h\` or \`d\`: \`90\`, \`15m\`, \`12h\`, \`30d\`.
- \`profile\` as a default means: what the chosen profile says.
`;

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function listSection(key: string, schema: z.core.$ZodType): readonly string[] {
  const list = unwrap(schema);
  const entry = list instanceof z.ZodArray ? unwrap(list.def.element) : undefined;
  if (!(entry instanceof z.ZodObject)) return [];
  return [
    `## \`${key}\`\n\n${meaningOf(schema)} Variable: \`${variable(key)}\`.\n`,
    table(entry.shape, `${key}[].`),
  ];
}

function table(shape: Shape, prefix: string): string {
  const columns = ['Key', 'Type', 'Default', ...(prefix === '' ? ['Variable'] : []), 'Meaning'];
  return [line(columns), line(columns.map(() => '---')), ...rows(shape, prefix, ''), ''].join('\n');
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function rows(shape: Shape, list: string, group: string): readonly string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const inner = unwrap(schema);
    const name = group + key;
    const own = line([
      `\`${list}${name}\``,
      typeOf(schema),
      defaultOf(schema),
      ...(list === '' ? [inner instanceof z.ZodObject ? '' : `\`${variable(name)}\``] : []),
      meaningOf(schema),
    ]);
    // Claims are as free as the text of their meaning says; other groups are written out.
    const open = inner instanceof z.ZodObject && inner.def.catchall instanceof z.ZodUnknown;
    return inner instanceof z.ZodObject && !open ? [own, ...rows(inner.shape, list, `${name}.`)] : [own];
  });
}

const variable = (name: string): string => `SIGNET_${name.replaceAll('.', '_').toUpperCase()}`;

function noteOf(schema: z.core.$ZodType, note: 'description' | 'usual' | 'kind'): string | undefined {
  const value = z.globalRegistry.get(schema)?.[note];
  return typeof value === 'string' ? value : undefined;
}

const meaningOf = (schema: z.core.$ZodType): string => noteOf(schema, 'description') ?? '';

function typeOf(schema: z.core.$ZodType): string {
  const kind = noteOf(schema, 'kind');
  if (kind !== undefined) return kind;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => `\`${option}\``).join(' | ');
  if (inner instanceof z.ZodArray)
    return `list of ${typeOf(inner.def.element).replace(/(text|group)$/, '$1s')}`;
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodNumber) return 'whole number';
  return inner instanceof z.ZodObject || inner instanceof z.ZodRecord ? 'group' : 'text';
}

function defaultOf(schema: z.core.$ZodType): string {
  const usual = noteOf(schema, 'usual');
  if (usual !== undefined) return /^\S+$/.test(usual) ? `\`${usual}\`` : usual;
  if (schema instanceof z.ZodDefault) {
    const value: unknown = schema.def.defaultValue;
    return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
  }
  return schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault ? '' : 'required';
}
