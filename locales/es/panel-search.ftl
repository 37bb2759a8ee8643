# La búsqueda del panel de control.

panel-search-label = Buscar clientes, contactos, facturas y vales
panel-search-title = Búsqueda
panel-search-for = Resultados de «{ $words }»
panel-search-nothing-asked = ¿Qué busca?
panel-search-hint = Los nombres se encuentran por su comienzo; los correos, números de factura, números de serie de vales e identificadores, cuando están completos.
panel-nothing-found = No se encontró nada
