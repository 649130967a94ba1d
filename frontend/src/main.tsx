import { render } from 'preact'
import { LocationProvider, Route, Router } from 'preact-iso'
import { createBrowserClient } from '../../src/client/browser.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { CataloguePage } from './pages/catalogue.tsx'
import { ClusterPage } from './pages/cluster.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { RoomPage } from './pages/room.tsx'
import { SellPage } from './pages/sell.tsx'
import { WatchingPage } from './pages/watching.tsx'
import { Frame } from './parts/frame.tsx'
import { Framed } from './parts/framed.tsx'
import { AppContext, createApp } from './state/app.ts'
import { isFramed } from './state/framed.ts'
import { browserDevice } from './state/device.ts'
import { browserFrames } from './state/frames.ts'
import { keepFresh } from './state/loaded.ts'
import { browserNetwork } from './state/network.ts'
import { keepPageStyle } from './state/page-style.ts'
import { createKnownNodes } from './state/known-nodes.ts'
import { keepOfflinePage } from './state/offline-page.ts'
import { createPreferences } from './state/preferences.ts'
import { openStorage } from './state/stored-value.ts'
import { takeTicket } from './state/ticket.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/frame.css'
import './styles/catalogue.css'
import './styles/panel.css'
import './styles/room.css'
import './styles/sell.css'
import './styles/cluster.css'
import './styles/demo-node.css'
import './styles/framed.css'

const learnNodesEveryMs = 30_000
/** A room must not count down for long on the word of a node that has frozen. */
const askTimeEveryMs = 2_500
const quietMs = 1_500

/** A token of the page is good for half a day at least. */
const renewEveryMs = 3_600_000

// Before anything else may look at the address.
const ticket = takeTicket(location, history)
const client = createBrowserClient({
  urls: [location.origin],
  limits: { timeEveryMs: askTimeEveryMs, quietMs },
})
const storage = openStorage(() => localStorage)
const preferences = createPreferences(storage)
const app = createApp({
  client,
  clock: systemClock,
  entropy: systemEntropy,
  device: browserDevice(),
  frames: browserFrames(systemClock),
  network: browserNetwork,
  ticket,
  storage,
  preferences,
})

// Also a page without a socket, or the one that is shown offline, then knows where to go when its node is gone.
const knownNodes = createKnownNodes(storage)
keepFresh(async () => knownNodes.note(await client.cluster()), {
  clock: systemClock,
  everyMs: learnNodesEveryMs,
})

keepFresh(() => app.visitor.renew(), { clock: systemClock, everyMs: renewEveryMs })

// All pages are in this one script: the node that served it may be gone when the next page is wanted.
function Lotkeeper() {
  return (
    <AppContext.Provider value={app}>
      <LocationProvider>
        {isFramed && <Framed />}
        <Frame>
          <Router>
            <Route path="/" component={CataloguePage} />
            <Route path="/auction/:id" component={RoomPage} />
            <Route path="/sell" component={SellPage} />
            <Route path="/cluster" component={ClusterPage} />
            <Route path="/watching" component={WatchingPage} />
            <Route default component={NotFoundPage} />
          </Router>
        </Frame>
      </LocationProvider>
    </AppContext.Provider>
  )
}

const root = document.getElementById('app')
await keepPageStyle(preferences)
if (root !== null) render(<Lotkeeper />, root)
keepOfflinePage()
