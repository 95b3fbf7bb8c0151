// Passkeys: what the studio asks is put to the device, and what the device answers goes back in a plain form.
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (descriptors) => (descriptors ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function ask(form) {
    const answer = await fetch(form.dataset.asks, { headers: { "X-Kinora": "part" } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.sentence);
    return { ...told, challenge: bytes(told.challenge) };
  }

  async function make(form) {
    const options = await ask(form);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return { ...named(made), response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } };
  }

  async function sign(form) {
    const options = await ask(form);
    options.allowCredentials = listed(options.allowCredentials);
    const made = await navigator.credentials.get({ publicKey: options });
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
    return { ...named(made), response: { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null } };
  }

  const named = (made) => ({ id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {} });

  for (const form of document.querySelectorAll("form[data-asks]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      form.querySelector(".trouble")?.remove();
      try {
        form.elements.credential.value = JSON.stringify(await (form.dataset.makes !== undefined ? make : sign)(form));
        form.submit();
      } catch (error) {
        const said = document.createElement("p");
        said.className = "trouble";
        said.setAttribute("role", "alert");
        // A device that says no speaks its own language; the studio's sentences come as they are.
        said.textContent = error instanceof DOMException ? form.dataset.sayNot : error.message;
        form.append(said);
      }
    });
  }
})();
