import { hiddenFields, type Person, type Seen } from '../support/person.ts';
import { ALICE } from '../support/signet.ts';

/** Somebody who signs in with a password. */
export type Account = Readonly<{ username: string; password: string }>;

/** Follows an application's link, signs in and allows where asked; gives the address to which the answer was sent. */
export async function walk(person: Person, link: URL, account: Account = ALICE): Promise<URL> {
  const { location, text } = await goOn(person, link, account);
  if (location === undefined) throw new Error(`The way ended on a page: ${text}`);
  return new URL(location);
}

/** The same for answers by form_post; gives the request that the browser would send. */
export async function walkToPost(person: Person, link: URL, account: Account = ALICE): Promise<Request> {
  const page = await goOn(person, link, account);
  const action = /<form[^>]* action="([^"]*)"/.exec(page.text)?.[1] ?? '';
  return new Request(action, { method: 'POST', body: new URLSearchParams(hiddenFields(page)) });
}

async function goOn(person: Person, link: URL, account: Account): Promise<Seen> {
  let seen = await person.follow(await person.visit(link.href));
  for (let steps = 0; steps < 4 && isQuestion(seen); steps += 1) {
    seen = await person.submit(seen, /name="password"/.test(seen.text) ? account : { decision: 'allow' });
  }
  return seen;
}

const isQuestion = ({ location, text }: Seen): boolean =>
  location === undefined && /name="(password|decision)"/.test(text);
