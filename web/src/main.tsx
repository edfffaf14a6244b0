import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client'
import './app/base.css'
import { makeRouter } from './router'
import { speak } from './texts/text'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the API refuses, it refuses again; only what did not reach it is tried anew.
      retry: (count, error) => error instanceof Problem && (error.status === 0 || error.status === 503) && count < 3,
    },
  },
})

await speak()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={makeRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
)
