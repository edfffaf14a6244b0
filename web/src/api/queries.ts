import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, ok, openedBy } from './client'

export const self = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await ok(api.GET('/api/v1/me'))
    openedBy(me)
    return me
  },
  staleTime: Infinity,
})

// office is what everybody of an office knows of it: its posts, people and procedures.
export const office = queryOptions({
  queryKey: ['office'],
  queryFn: () => ok(api.GET('/api/v1/office')),
  staleTime: 5 * 60_000,
})

export const useMe = () => useSuspenseQuery(self).data

export const useOffice = () => useSuspenseQuery(office).data

export function usePostTitle(): (id: string) => string {
  const posts = useOffice().posts ?? []
  return (id) => posts.find((p) => p.id === id)?.title ?? id
}
