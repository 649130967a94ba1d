import { render } from 'preact'
import { systemClock } from '../../src/lib/system-clock.ts'
import { DemoPage } from './pages/demo.tsx'
import { followDemo } from './state/demo-control.ts'
import { keepPageStyle } from './state/page-style.ts'
import { createPreferences } from './state/preferences.ts'
import { openStorage } from './state/stored-value.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/frame.css'
import './styles/cluster.css'
import './styles/demo-node.css'
import './styles/demo.css'

// The page of `lotkeeper demo`, which the demo's control serves; nodes do not.
const control = followDemo('', systemClock)
const root = document.getElementById('app')
await keepPageStyle(createPreferences(openStorage(() => localStorage)))
if (root !== null) render(<DemoPage control={control} clock={systemClock} />, root)
