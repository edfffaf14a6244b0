import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect,
} from '@tanstack/react-router'
import { Problem } from './api/client'
import { office, self } from './api/queries'
import { NotFound, Trouble } from './app/Trouble'
import { Shell } from './app/Shell'

// Each view is loaded when it is opened first; what a telephone loads for the inbox is the inbox.

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/{-$token}',
  component: lazyRouteComponent(() => import('./app/SignIn'), 'SignIn'),
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: Trouble,
  beforeLoad: async ({ context, location }) => {
    try {
      await Promise.all([context.queries.ensureQueryData(self), context.queries.ensureQueryData(office)])
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: '/sign-in/{-$token}', params: { token: undefined }, search: { to: location.href } })
      }
      throw error
    }
  },
})

export type InboxFilter = { post?: string; procedure?: string; mine?: boolean; team?: boolean; find?: string }

const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./inbox/Inbox'), 'Inbox'),
  validateSearch: (search: Record<string, unknown>): InboxFilter => ({
    post: text(search.post),
    procedure: text(search.procedure),
    mine: search.mine === true || undefined,
    team: search.team === true || undefined,
    find: text(search.find),
  }),
})

const task = createRoute({
  getParentRoute: () => inside,
  path: '/tasks/$id',
  component: lazyRouteComponent(() => import('./task/TaskPage'), 'TaskPage'),
})

const start = createRoute({
  getParentRoute: () => inside,
  path: '/start',
  component: lazyRouteComponent(() => import('./start/StartList'), 'StartList'),
})

const startForm = createRoute({
  getParentRoute: () => inside,
  path: '/start/$procedure/$way',
  component: lazyRouteComponent(() => import('./start/StartForm'), 'StartForm'),
})

const cases = createRoute({
  getParentRoute: () => inside,
  path: '/cases',
  component: lazyRouteComponent(() => import('./cases/Cases'), 'Cases'),
  validateSearch: (search: Record<string, unknown>): { status?: string; number?: string } => ({
    status: text(search.status),
    number: text(search.number),
  }),
})

const oneCase = createRoute({
  getParentRoute: () => inside,
  path: '/cases/$id',
  component: lazyRouteComponent(() => import('./case/CasePage'), 'CasePage'),
})

const registers = createRoute({
  getParentRoute: () => inside,
  path: '/registers',
  component: lazyRouteComponent(() => import('./registers/Registers'), 'Registers'),
})

// RegisterFilter is how a register is narrowed and sorted: each value belongs to the column in the same place.
export type RegisterFilter = { column?: string[]; value?: string[]; sort?: string }

const register = createRoute({
  getParentRoute: () => inside,
  path: '/registers/$procedure/$register',
  component: lazyRouteComponent(() => import('./registers/Register'), 'Register'),
  validateSearch: (search: Record<string, unknown>): RegisterFilter => ({
    column: texts(search.column),
    value: texts(search.value),
    sort: text(search.sort),
  }),
})

const copies = createRoute({
  getParentRoute: () => inside,
  path: '/copies',
  component: lazyRouteComponent(() => import('./copies/Copies'), 'Copies'),
})

const nowhere = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound })

// text takes what stands in the address; a number there is a text, too.
function text(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

function texts(value: unknown): string[] | undefined {
  const list = [value].flat().flatMap((x) => text(x) ?? [])
  return list.length > 0 ? list : undefined
}

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn, inside.addChildren([inbox, task, start, startForm, cases, oneCase, registers, register, copies, nowhere]),
    ]),
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: Trouble,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
