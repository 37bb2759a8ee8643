# Plantillas que un portal sustituye.

brand-templates-broken = Plantillas con errores
brand-templates-broken-title =
    { $count ->
        [one] Una plantilla de este portal no se puede usar
       *[other] { $count } plantillas de este portal no se pueden usar
    }
brand-templates-broken-text = Los clientes ven las páginas originales en su lugar. Quien cuida las plantillas encuentra aquí el sitio:
