// <log-upload data-url> offers to move what this browser has kept to the account. What the account
// has taken is deleted here; sent twice, it is kept once.
class LogUpload extends HTMLElement {
  connectedCallback() {
    const sessions = deviceLog.all();
    if (!sessions.length || this.button) return;
    const many = sessions.length === 1 ? "1 session" : `${sessions.length} sessions`;
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button";
    this.button.textContent = `Move ${many} from this device to your account`;
    this.button.addEventListener("click", () => this.move(sessions));
    this.append(this.button, this.status);
  }

  async move(sessions) {
    this.button.disabled = true;
    try {
      deviceLog.remove(...(await sendToAccount(this.dataset.url, sessions)));
      location.reload();
    } catch (error) {
      this.status.textContent = `${error.message} Nothing was deleted from this device.`;
      this.button.disabled = false;
    }
  }
}

customElements.define("log-upload", LogUpload);
