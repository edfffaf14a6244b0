import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import { api, ok, type Schemas } from '../api/client'
import type { InboxFilter } from '../router'

export type TaskLine = Schemas['TaskLine']
type Page = Schemas['InboxPage']
type Pages = InfiniteData<Page, string | undefined>

const pageSize = 200

export const inboxPages = (filter: InboxFilter) =>
  infiniteQueryOptions({
    queryKey: ['inbox', filter],
    queryFn: ({ pageParam, signal }) =>
      ok(api.GET('/api/v1/inbox', { params: { query: { ...filter, after: pageParam, limit: pageSize } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    structuralSharing: false, // to compare ten thousand rows takes longer than to draw twenty
  })

// counts says how many open tasks each of one's posts has.
export const counts = queryOptions({
  queryKey: ['counts'],
  queryFn: async () => (await ok(api.GET('/api/v1/inbox', { params: { query: { limit: 1 } } }))).counts,
})

// removeTasks takes tasks out of all lists that are kept, at once.
export function removeTasks(queries: QueryClient, gone: ReadonlySet<string>) {
  queries.setQueriesData<Pages>({ queryKey: ['inbox'] }, (old) =>
    old && {
      ...old,
      pages: old.pages.map((page) => ({ ...page, tasks: (page.tasks ?? []).filter((x) => !gone.has(x.id)) })),
    })
}

// beginAgain reads the lists anew from their tops; what is shown stays until that has come.
export async function beginAgain(queries: QueryClient) {
  queries.setQueriesData<Pages>({ queryKey: ['inbox'] }, (old) =>
    old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) })
  await queries.invalidateQueries({ queryKey: ['inbox'] })
}
