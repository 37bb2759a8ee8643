# Templates that a brand replaces.

brand-templates-broken = Broken templates
brand-templates-broken-title =
    { $count ->
        [one] A template of this portal cannot be used
       *[other] { $count } templates of this portal cannot be used
    }
brand-templates-broken-text = Customers see the shipped pages instead. Whoever keeps the templates finds the place here:
