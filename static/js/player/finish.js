// The form at the end of a routine: keep the session on the device or with the account, or not.
class Finish {
  constructor(dialog, about) {
    this.form = dialog.querySelector("[data-log]");
    this.status = dialog.querySelector("[data-kept]");
    this.about = about;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep(event.submitter?.value ?? "device");
    });
  }

  // A session has ended. seconds: how long it was, without pauses; painBefore: "" where not said.
  begin(seconds, painBefore) {
    this.session = { key: newKey(), done_at: new Date().toISOString(), seconds, ...this.about };
    this.form.reset();
    this.form.hidden = false;
    this.status.textContent = "";
    this.form.elements.pain_before.value = painBefore;
  }

  async keep(where) {
    const session = { ...this.session, ...saidIn(this.form) };
    if (where === "device") {
      const done = deviceLog.put(session);
      return this.tell(done, said(this.form, done ? "Device" : "NoRoom"));
    }
    try {
      await sendToAccount(this.form, [session]);
      this.tell(true, said(this.form, "Account"));
    } catch (error) {
      this.tell(false, said(this.form, "Failed", { error: error.message }));
    }
  }

  tell(isDone, words) {
    this.form.hidden = isDone;
    this.status.textContent = words;
    if (isDone) this.form.closest("dialog").querySelector("[data-finish]").focus();
  }
}
