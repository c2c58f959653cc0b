// Passkeys: asks the browser for a passkey, and submits its response with the form. These forms stay
// hidden without JavaScript or if the browser does not support passkeys; other ways remain available.
"use strict";

(() => {
  const forms = [...document.querySelectorAll("form[data-passkey]")];

  const decode = (text) => {
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  };
  const encode = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  function toPublicKey(options) {
    const publicKey = { ...options, challenge: decode(options.challenge) };
    if (options.user) publicKey.user = { ...options.user, id: decode(options.user.id) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      publicKey[list] = (options[list] ?? []).map((each) => ({ ...each, id: decode(each.id) }));
    }
    return publicKey;
  }

  function toText(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = encode(credential.response[name]);
    }
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: encode(credential.rawId), type, response, clientExtensionResults: {} });
  }

  async function askForPasskey(form) {
    const answer = await fetch(form.dataset.challenge, { method: "POST", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error("Reload the page and try again.");
    const publicKey = toPublicKey(await answer.json());
    const isNew = form.dataset.passkey === "create";
    return isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
  }

  function explain(error) {
    if (error.name === "InvalidStateError") return "This device already has a passkey for your account.";
    if (error.name === "NotAllowedError") return "The browser returned no passkey. Try again, or use another way.";
    if (error.name === "SecurityError") return "Passkeys cannot be used at this address.";
    return error.message;
  }

  async function submit(event) {
    const form = event.currentTarget;
    const field = form.elements.namedItem("credential");
    if (field.value) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const message = form.querySelector("[data-passkey-error]");
    button.disabled = true;
    message.hidden = true;
    try {
      field.value = toText(await askForPasskey(form));
      form.submit();
    } catch (error) {
      message.textContent = explain(error);
      message.hidden = false;
      button.disabled = false;
      delete form.dataset.submitted;
      button.focus();
    }
  }

  for (const form of forms) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", submit);
  }
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && forms.length) location.reload();
  });
})();
