// <log-upload data-url data-say-…> offers to move what this browser has kept to the account. What the account
// has taken is deleted here; sent twice, it is kept once.
class LogUpload extends HTMLElement {
  connectedCallback() {
    const sessions = deviceLog.all();
    if (!sessions.length || this.button) return;
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button";
    this.button.textContent = said(this, sessions.length === 1 ? "One" : "Many", { count: sessions.length });
    this.button.addEventListener("click", () => this.move(sessions));
    this.append(this.button, this.status);
  }

  async move(sessions) {
    this.button.disabled = true;
    try {
      deviceLog.remove(...(await sendToAccount(this, sessions)));
      location.reload();
    } catch (error) {
      this.status.textContent = said(this, "Failed", { error: error.message });
      this.button.disabled = false;
    }
  }
}

customElements.define("log-upload", LogUpload);
