import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/http.ts';
import { createConsoleRouter } from './router.tsx';
import { finishSignIn, hasLeft } from './session.ts';
import { SignInRefused } from './shell/sign-in-refused.tsx';
import { site } from './site.ts';
import { theme } from './theme.ts';
import { takeAnswer } from './try/answer.ts';

// Dialogs write a style element for the page behind them, and look for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: site.nonce });

/** A refusal stays one when it is asked for again; a lost connection may come back. */
const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, fault) => !(fault instanceof ApiError) && count < 2 },
  },
});

/** The callback of the sign-in is answered before anything is shown: the page then stands where the person was. */
async function begin(): Promise<string | undefined> {
  if (hasLeft()) return 'You have signed out here and at Signet.';
  if (location.pathname !== `${site.path}/callback`) return undefined;
  const answer = await finishSignIn();
  if ('refused' in answer) return answer.refused;
  const { pathname, search, hash } = new URL(answer.returnTo);
  history.replaceState(null, '', pathname + search + hash);
  return undefined;
}

takeAnswer();
const refused = await begin();
const container = document.getElementById('root');
if (container !== null) {
  createRoot(container).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => site.nonce}>
        <QueryClientProvider client={queries}>
          {refused === undefined ? (
            <RouterProvider router={createConsoleRouter(queries)} />
          ) : (
            <SignInRefused reason={refused} />
          )}
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
