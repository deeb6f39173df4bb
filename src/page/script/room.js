// What every page has once there is JavaScript: news, clocks, keys. Without it every page works all the same.
import './clock.js'
import './live.js'
import './keys.js'
import './sign.js'
import './print.js'
