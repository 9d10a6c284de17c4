// Search without a server: a page that was opened from a folder may start no worker, so its work is done in a hidden frame.
class FramedWorker extends EventTarget {
  constructor(url) {
    super();
    this.frame = document.createElement("iframe");
    this.frame.hidden = true;
    document.body.appendChild(this.frame);
    this.inside = this.frame.contentWindow;
    const program = `<script>postMessage = (said) => parent.postMessage(said, "*");
      importScripts = (...urls) => urls.reduce((before, url) => before.then(() => new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = url; script.onload = done; script.onerror = failed;
        document.body.appendChild(script);
      })), Promise.resolve());<\/script><script src="${url}"><\/script>`;
    this.inside.document.open();
    this.inside.document.write(`<html><body>${program}</body></html>`);
    this.inside.document.close();
    this.ready = new Promise((done) => { this.inside.onload = done; });
    this.heard = (event) => {
      if (event.source !== this.inside) return;
      this.dispatchEvent(new MessageEvent("message", { data: event.data }));
      if (this.onmessage) this.onmessage(event);
    };
    addEventListener("message", this.heard);
  }

  postMessage(said) {
    const data = structuredClone(said);
    this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
  }

  terminate() {
    this.frame.remove();
    removeEventListener("message", this.heard);
  }
}

if (location.protocol === "file:") window.Worker = FramedWorker;
