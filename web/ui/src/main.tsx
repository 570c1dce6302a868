import '@fontsource/noto-sans/latin-400.css'
import '@fontsource/noto-sans/latin-500.css'
import '@fontsource/noto-sans/latin-600.css'
import '@mantine/core/styles.css'
import './theme.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refusal, readAsAt } from './api/client'
import { recall } from './layers/recall'
import { createMap } from './map/controller'
import { Frame } from './page/Frame'
import { MapContext } from './page/MapContext'
import { Part } from './page/Part'
import { usePage } from './page/state'
import { read } from './page/url'
import { theme } from './theme'
import { startLanguage } from './words/i18n'

const { view, box, language, ...address } = read(location.search)
const speaking = startLanguage(language)
usePage.setState({
  ...address,
  tool: address.notes ? 'notes' : null,
  arrangement: recall.over(address.arrangement, location.search),
  front: (address.selected ?? address.blank) ? 'record' : 'list',
})
readAsAt(address.moment)

const map = createMap()
if (view && box) map.fit(box, { animate: false, maxZoom: view.zoom, padding: [0, 0, 0, 0] })
else if (view) map.setView(view.center, view.zoom)

/** The stream of changes says when an answer has grown old: until then it is fresh. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && error instanceof Refusal && (error.status === 0 || error.status >= 502),
    },
  },
})

const root = document.getElementById('root')
await speaking
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <MapContext value={map}>
            <Part>
              <Frame startsAt={view !== null} />
            </Part>
          </MapContext>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
