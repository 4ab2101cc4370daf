import type { User } from '../../model/user.ts';
import { flagOf, objectsOf, textOf } from './fields.ts';
import { badInput, type Json } from './rest.ts';
import { cellsFacts, userView } from './user-view.ts';

/** Whether a user is looked for. */
export type UserTest = (user: User) => boolean;

/** Reads the queries of a search: each may name several things, all of which must fit; several are joined by `Operation`. */
export function searchOf(body: Json): UserTest {
  const tests = (objectsOf(body, 'Queries') ?? []).map(testOf);
  const operation = textOf(body, 'Operation') ?? 'OR';
  if (operation !== 'OR' && operation !== 'AND') throw badInput('Operation is neither OR nor AND.');
  if (tests.length === 0) return () => true;
  return operation === 'AND'
    ? (user) => tests.every((test) => test(user))
    : (user) => tests.some((test) => test(user));
}

type Read = (query: Json) => UserTest | undefined;

/** A test for a member of a query that is a text; an empty one is as good as none. */
const byText =
  (name: string, test: (text: string, query: Json) => UserTest): Read =>
  (query) => {
    const text = textOf(query, name) ?? '';
    return text === '' ? undefined : test(text, query);
  };

const READS: readonly Read[] = [
  byText('Login', loginTest),
  byText(
    'Uuid',
    (uuid) =>
      ({ sub }) =>
        sub === uuid,
  ),
  byText('GroupPath', groupTest),
  byText('FullPath', () => () => false),
  byText('HasProfile', (profile) => (user) => cellsFacts(user).profile === profile),
  byText('HasRole', (role) => (user) => rolesOf(user).includes(role)),
  byText('AttributeName', attributeTest),
  byText('NodeType', (type) => () => type !== 'GROUP'),
  // Nobody is found by a password, nor by when they were last there.
  byText('Password', () => () => false),
  byText('ConnectedSince', () => () => false),
];

function testOf(query: Json): UserTest {
  const tests = READS.map((read) => read(query)).filter((test) => test !== undefined);
  const all: UserTest = (user) => tests.every((test) => test(user));
  return flagOf(query, 'not') ? (user) => !all(user) : all;
}

/** A name, or with a star at its end what a login or display name begins with. */
function loginTest(text: string): UserTest {
  const fits = pattern(text);
  return text.endsWith('*')
    ? ({ username, claims }) => fits(username) || (typeof claims['name'] === 'string' && fits(claims['name']))
    : ({ username }) => fits(username);
}

function attributeTest(name: string, query: Json): UserTest {
  const any = flagOf(query, 'AttributeAnyValue');
  const fits = pattern(textOf(query, 'AttributeValue') ?? '');
  return (user) => {
    const attributes = userView(user)['Attributes'] as Readonly<Record<string, string>>;
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value !== undefined && (any || fits(value));
  };
}

function groupTest(path: string, query: Json): UserTest {
  const within = flagOf(query, 'Recursive') || path.endsWith('*');
  const group = path.replace(/\/?\*?$/, '');
  return (user) => {
    const { group_path } = cellsFacts(user);
    const own = group_path === '/' ? '' : group_path;
    return own === group || (within && own.startsWith(`${group}/`));
  };
}

const rolesOf = (user: User): readonly string[] => ['ROOT_GROUP', ...cellsFacts(user).roles, user.sub];

/** Compares without regard to capitals; a star at an end stands for anything. */
function pattern(text: string): (value: string) => boolean {
  const wanted = text.toLowerCase().replace(/^\*+|\*+$/g, '');
  const open = { before: text.startsWith('*'), after: text.endsWith('*') };
  return (value) => {
    const given = value.toLowerCase();
    if (open.before && open.after) return given.includes(wanted);
    if (open.after) return given.startsWith(wanted);
    return open.before ? given.endsWith(wanted) : given === wanted;
  };
}
