import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import { z } from 'zod'
import { errorCodes, type ErrorCode } from '../../protocol/error-code.ts'
import { problemJson } from '../../protocol/problem.ts'
import { protocolVersion } from '../../protocol/version.ts'
import type { AnswerMeaning, Route } from './route.ts'

type Response = ZodOpenApiResponseObject & { description: string }
const text = { type: 'string' } as const

/** By status. */
type Responses = Record<string, Response>

/** OpenAPI 3.1 of the very routes that are served: nothing is described twice. */
export function describeRoutes(routes: readonly Route[], cookieName: string): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: describe(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Lotkeeper',
      // Of the protocol: which release runs here is nobody's business.
      version: `v${protocolVersion}`,
      description:
        'Live auctions on a cluster. The WebSocket at /ws is described in docs/protocol.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        operator: { type: 'http', scheme: 'bearer', description: "The operator's token" },
        cookie: { type: 'apiKey', in: 'cookie', name: cookieName },
      },
    },
  })
}

function describe(route: Route): ZodOpenApiOperationObject {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const query = route.query instanceof z.ZodObject ? route.query : undefined
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.needsSession && { security: [{ bearer: [] }, { cookie: [] }] }),
    ...(route.takesSession && { security: [{}, { bearer: [] }, { cookie: [] }] }),
    ...(route.needsOperator && { security: [{ operator: [] }] }),
    requestParams: {
      ...(names.length > 0 && {
        path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
      }),
      ...(query !== undefined && Object.keys(query.shape).length > 0 && { query }),
      ...(route.takesIdempotencyKey && {
        header: z.object({ 'Idempotency-Key': z.string().optional() }),
      }),
    },
    ...(route.body !== undefined && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: route.body } },
      },
    }),
    responses: { ...describeAnswers(route), ...describeProblems(route) },
  }
}

function operationId({ method, path }: Route): string {
  const words = path.split(/\W+/).filter((word) => word !== '' && word !== 'api' && word !== 'v1')
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function describeAnswers(route: Route): Responses {
  const headers = {
    'X-Request-Id': { schema: text, description: 'For the logs' },
    'X-Lotkeeper-Node': { schema: text, description: 'Which node answered' },
  }
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        headers: { ...headers, ...describeHeaders(answer) },
        ...describeContent(answer),
      },
    ]),
  )
}

function describeHeaders({ headers = {} }: AnswerMeaning) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { schema: text, description }]),
  )
}

function describeContent({ schema, contentType }: AnswerMeaning): Pick<Response, 'content'> {
  if (contentType !== undefined) return { content: { [contentType]: { schema: z.string() } } }
  if (schema !== undefined) return { content: { 'application/json': { schema } } }
  return {}
}

/** Codes of one status stand in one response, as OpenAPI wants it. */
function describeProblems(route: Route): Responses {
  const responses: Responses = {}
  for (const code of problemsOf(route)) {
    const { status, title } = errorCodes[code]
    const known = responses[`${status}`]?.description
    responses[`${status}`] = {
      description: `${known === undefined ? '' : `${known}\n\n`}\`${code}\`: ${title}`,
      content: { 'application/problem+json': { schema: problemJson } },
    }
  }
  return responses
}

function problemsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.problems)
  if (!route.path.startsWith('/api/')) return [...codes]
  codes.add('unknown-parameter').add('internal').add('store-unavailable')
  if (route.query instanceof z.ZodObject && Object.keys(route.query.shape).length > 0) {
    codes.add('bad-parameter')
  }
  if (route.method !== 'get') {
    codes.add('bad-json').add('too-large').add('wrong-content-type').add('origin-not-allowed')
    codes.add('unsettled').add('outcome-unknown')
  }
  if (route.body !== undefined) codes.add('bad-request').add('unknown-field')
  if (route.needsSession) codes.add('sign-in-first')
  if (route.needsOperator) codes.add('operator-only')
  if (route.rate !== 'none') codes.add('rate-limited')
  return [...codes]
}
