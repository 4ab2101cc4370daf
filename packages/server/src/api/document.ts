import * as z from 'zod';
import { type Operation, ok, operation } from './operation.ts';

/** The description of the interface, which is answered before anybody is asked who they are: nothing in it is secret. */
export const DOCUMENT: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/openapi.json',
    id: 'getOpenapi',
    summary: 'This document (OpenAPI 3.1)',
    needs: 'nothing',
    answers: { status: 200, description: 'The document.', schema: z.looseObject({ openapi: z.string() }) },
    work: async () => ok({}),
  }),
];
