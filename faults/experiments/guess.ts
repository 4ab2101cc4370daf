import { formOf, pathOf } from '../driver/browser.ts';
import { addressOf, challengeOf, REDIRECT } from '../driver/clients.ts';
import { call, type Outcome, type World } from '../driver/world.ts';

/** A password tried on the login page, at any node or at one. */
export type Guess = Readonly<{ username: string; password: string; port?: number }>;

/** Opens an authorization request at a fresh browser somewhere and tries the password: 422 is wrong, 429 is too early. */
export async function guess(world: World, { port, ...fields }: Guess): Promise<Outcome> {
  const query = new URLSearchParams({
    client_id: 'web-basic',
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid',
    code_challenge: challengeOf('verifier'),
    code_challenge_method: 'S256',
  });
  const about = { kind: 'guess', user: 0, ...(port !== undefined && { port }) };
  const from = { 'x-forwarded-for': addressOf(200_000 + Math.floor(world.dice.next() * 50_000)) };
  const opened = await call(world, { path: `/authorize?${query.toString()}` }, about);
  if (opened.kind !== 'ok') return opened;
  const cookie = opened.reply.cookies.map((one) => one.split(';')[0]).join('; ');
  const page = await call(
    world,
    { path: pathOf(opened.reply.headers['location'] ?? ''), headers: { cookie } },
    about,
  );
  if (page.kind !== 'ok') return page;
  const form = formOf(page.reply.body);
  return call(
    world,
    { path: pathOf(form.action), headers: { cookie, ...from }, form: { ...form.fields, ...fields } },
    about,
  );
}
