"""Every sentence a person reads, in en, zh-Hant and zh-Hans."""
