const { UserManager } = globalThis.oidc;

const { issuer, client_id } = await (await fetch('/settings.json')).json();

const manager = new UserManager({
  authority: issuer,
  client_id,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/`,
  // offline_access: a refresh token, with which the library renews the access token before it expires.
  scope: 'openid profile offline_access',
  loadUserInfo: true,
});

const element = (id) => document.getElementById(id);

/** Back from the issuer: the code becomes tokens, and leaves the address bar. */
async function comeBack() {
  try {
    await manager.signinCallback();
  } finally {
    history.replaceState(null, '', '/');
  }
}

async function show() {
  const user = await manager.getUser();
  element('state').textContent = user ? `Hello, ${user.profile.name}.` : 'Nobody is signed in.';
  element('sign-in').hidden = user !== null;
  element('sign-out').hidden = user === null;
}

element('sign-in').addEventListener('click', () => manager.signinRedirect());
element('sign-out').addEventListener('click', () => manager.signoutRedirect());
manager.events.addUserLoaded(show);
manager.events.addUserUnloaded(show);

const problem = location.pathname === '/callback' ? await comeBack().catch((error) => error) : undefined;
await show();
if (problem !== undefined) element('state').textContent = `That did not work: ${problem.message}`;
