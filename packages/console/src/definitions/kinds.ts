import type { Permission } from '../api/types.ts';
import { linesOf } from '../ui/lines.ts';

/** One of them, by the names of the interface. */
export type Item = Readonly<Record<string, unknown>>;

/** What can be said of one. `words` are separated by blanks, `lines` stand one in each line. */
export type Field = Readonly<{
  name: string;
  label: string;
  says?: string;
  example?: string;
  as: 'text' | 'words' | 'lines' | 'seconds' | 'format';
}>;

/** Scopes, resources or groups: small records of one shape each, which are listed, made, changed, removed and reverted alike. */
export type Kind = Readonly<{
  id: 'scopes' | 'resources' | 'groups';
  /** The member that names one, which is chosen once. */
  key: Field;
  title: string;
  one: string;
  says: string;
  empty: string;
  removal: string;
  read: Permission;
  write: Permission;
  fields: readonly Field[];
  /** The member shown in the list beside the name. */
  beside: string;
}>;

export const DEFINITIONS: readonly Kind[] = [
  {
    id: 'scopes',
    key: {
      name: 'scope',
      label: 'Scope',
      says: 'The word that applications ask with.',
      example: 'orders:read',
      as: 'text',
    },
    title: 'Scopes',
    one: 'scope',
    says: 'What applications may ask for, and the claims that each opens.',
    empty: 'Scopes say what an application may do, or which claims of a person it sees.',
    removal: 'Applications can no longer ask for it. Tokens that have it keep it until they end.',
    read: 'signet:scopes:read',
    write: 'signet:scopes:write',
    fields: [
      { name: 'description', label: 'Description', says: 'People read it when they are asked.', as: 'text' },
      { name: 'claims', label: 'Claims that it opens', says: 'One in each line.', as: 'lines' },
    ],
    beside: 'description',
  },
  {
    id: 'resources',
    key: {
      name: 'resource',
      label: 'Address of the API',
      says: 'Applications name it, and it becomes the audience of their tokens.',
      example: 'https://api.example.com',
      as: 'text',
    },
    title: 'APIs',
    one: 'API',
    says: 'The resources that access tokens can be made for.',
    empty: 'An API made known here gets access tokens of its own, which no other API takes.',
    removal: 'No more tokens are made for it. Those that it has been given keep working until they end.',
    read: 'signet:resources:read',
    write: 'signet:resources:write',
    fields: [
      { name: 'name', label: 'Name', as: 'text' },
      { name: 'scope', label: 'Scopes', says: 'Separated by blanks.', example: 'Every scope', as: 'words' },
      { name: 'access_token_format', label: 'Form of access tokens', as: 'format' },
      {
        name: 'access_token_lifetime',
        label: 'Access tokens are good for (seconds)',
        example: 'As the application or the provider says',
        as: 'seconds',
      },
    ],
    beside: 'name',
  },
  {
    id: 'groups',
    key: { name: 'name', label: 'Name', says: 'Applications are told it.', example: 'staff', as: 'text' },
    title: 'Groups',
    one: 'group',
    says: 'People put together, for applications that ask who belongs to what.',
    empty: 'Applications that see groups decide by them what a person may do there.',
    removal: 'The people in it stay; applications are told of the group no more.',
    read: 'signet:groups:read',
    write: 'signet:groups:write',
    fields: [
      { name: 'display_name', label: 'Shown as', as: 'text' },
      { name: 'description', label: 'Description', as: 'text' },
    ],
    beside: 'display_name',
  },
];

export const definitionKind = (id: string): Kind | undefined => DEFINITIONS.find((kind) => kind.id === id);

export const itemPath = ({ id }: Kind, name: string): string => `/${id}/${encodeURIComponent(name)}`;

export const nameOf = ({ key }: Kind, item: Item): string => textOf(item[key.name]);

/** A value as it stands in a field. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a field says to the interface; null where it says nothing. */
export function saidBy({ as }: Field, text: string): unknown {
  if (as === 'lines') return linesOf(text);
  if (text.trim() === '') return null;
  return as === 'seconds' && /^\d+$/.test(text.trim()) ? Number(text) : text.trim();
}
