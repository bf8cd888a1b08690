// How it stands with push in this browser. Pure: what the browser says comes in as values.

/**
 * "" when this browser can be pushed to; "install" for an iPhone's Safari, where only an app on the home screen can;
 * else "unsupported".
 */
export function lacking({ secure, worker, push, notification, standalone, agent }) {
  if (secure && worker && push && notification) return "";
  const safari = /Version\/[\d.]+ .*Safari\//.test(agent) || /CriOS\//.test(agent);
  return secure && standalone === false && safari ? "install" : "unsupported";
}

/** What is shown: unsupported, install, denied, on, unreachable, off. `subscribed` is what resync found. */
export function look({ missing, permission, subscribed, unreachable }) {
  if (missing) return missing;
  if (permission === "denied") return "denied";
  if (permission === "granted" && subscribed) return "on";
  return unreachable ? "unreachable" : "off";
}

/** Whose steps for allowing notifications again fit: app (installed), android, firefox, safari, chrome, other. */
export function browserOf({ agent, standalone }) {
  const apple = /iPhone|iPad|iPod/.test(agent);
  if (apple) return "ios";
  if (standalone && /Android/.test(agent)) return "app";
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Chrome\//.test(agent)) return /Android/.test(agent) ? "android" : "chrome";
  return /Safari\//.test(agent) ? "safari" : "other";
}

const MONTH = 30 * 86_400_000;

/** Whether the card may be shown: not for a while after 以后再说; on a page that asks only once, not after another page had. */
export function mayAsk({ later, asked, here, once, now }) {
  if (later && now - later < MONTH) return false;
  return !(once && asked && asked !== here);
}
