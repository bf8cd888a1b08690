// A real Firefox, driven by a test over lines of JSON: a command {do, …} in, an answer out. Its push service is the test's own.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const { FIREFOX, PUSH_SERVER, PROFILE } = process.env;
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: FIREFOX,
  headless: true,
  userDataDir: PROFILE,
  args: ["--remote-allow-system-access"],
  extraPrefsFirefox: {
    "dom.push.serverURL": PUSH_SERVER,
    "dom.push.testing.allowInsecureServerURL": true,
    "dom.push.connection.enabled": true,
    "dom.push.testing.ignorePermission": true,
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": false,
    "intl.accept_languages": "zh-CN",
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "services.settings.server": "data:,",
  },
});
const page = await browser.newPage();
await page.setViewport({ width: 390, height: 844, hasTouch: false });

const shown = () =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const found = await registration.getNotifications();
    return found.map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, data }));
  });

/** A script in Firefox's own window, where the notification is an alert that can be clicked. */
async function inChrome(source) {
  const { result: tree } = await browser.connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const target = { context: tree.contexts[0].context };
  const { result } = await browser.connection.send("script.evaluate", { expression: source, target, awaitPromise: true });
  if (result.type === "exception") throw new Error(JSON.stringify(result.exceptionDetails));
  return plain(result.result);
}

const plain = ({ type, value }) => (type === "array" ? value.map(plain) : value);

const commands = {
  async open({ url, cookies = [] }) {
    if (cookies.length) await browser.setCookie(...cookies);
    await page.goto(url);
    return { url: page.url() };
  },
  async tap({ selector }) {
    await page.waitForSelector(selector, { visible: true });
    await page.click(selector);
  },
  async until({ source }) {
    await page.waitForFunction(source, { timeout: 20_000, polling: 100 });
  },
  async evaluate({ source }) {
    return { value: await page.evaluate(source) };
  },
  async notifications({ atLeast = 0 }) {
    const until = Date.now() + 20_000;
    let found = await shown();
    while (found.length < atLeast && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      found = await shown();
    }
    return { found };
  },
  async chrome({ source }) {
    return { value: await inChrome(source) };
  },
  async pages() {
    return { urls: (await browser.pages()).map((one) => one.url()) };
  },
};

console.log(JSON.stringify({ ready: await browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line);
  if (name === "close") break;
  try {
    console.log(JSON.stringify({ ...(await commands[name](rest)) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
