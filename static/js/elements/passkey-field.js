// <passkey-field kind="create|get" options="WebAuthn's JSON">: asks the browser for a passkey, writes
// its answer into the form and sends it. Without the script, or in an old browser, the button stays
// hidden and the hint says why.

class PasskeyField extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
    const button = this.querySelector("button");
    button.hidden = false;
    this.querySelector(".field__hint").hidden = true;
    button.addEventListener("click", () => this.#ask(button));
  }

  async #ask(button) {
    const form = this.closest("form");
    if (this.#makes && !form.reportValidity()) return;
    const refused = this.querySelector("[role=alert]");
    refused.hidden = true;
    button.disabled = true;
    try {
      const credential = await this.#credential(JSON.parse(this.getAttribute("options")));
      this.querySelector("input").value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      refused.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  get #makes() {
    return this.getAttribute("kind") === "create";
  }

  #credential(options) {
    if (this.#makes) {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return navigator.credentials.create({ publicKey });
    }
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey });
  }
}

customElements.define("passkey-field", PasskeyField);
